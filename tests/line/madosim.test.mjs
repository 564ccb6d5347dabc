// madosim held against LINE's SDK: its middleware takes every webhook, its
// client every answer.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { channelAccessToken, HTTPFetchError, LineBotClient, messagingApi,
	SignatureValidationFailed } from "@line/bot-sdk";

import { failure, postJson, receiver, start, stop, until } from "./lib.mjs";

const secret = "fedcba9876543210fedcba9876543210";
const token = "a token of the tests";
const text = (s) => [{ type: "text", text: s }];
let desk, sim, client, blob, image, sticker;

before(async () => {
	desk = await receiver(secret);
	sim = await start("madosim", ["--listen", "127.0.0.1:0",
		"--webhook", desk.url, "--channel-secret", secret,
		"--token", token, "--seed", "7", "--script",
		fileURLToPath(new URL("customers.script", import.meta.url))]);
	const opts = { channelAccessToken: token, baseURL: sim.url };
	client = new messagingApi.MessagingApiClient(opts);
	blob = new messagingApi.MessagingApiBlobClient(opts);
	image = await desk.take("a picture", (e) => e.message?.type === "image");
	sticker = await desk.take("a sticker",
	    (e) => e.message?.type === "sticker");
});

after(async () => {
	if (sim)
		await stop(sim);
	desk?.stop();
});

async function state() {
	return (await fetch(`${sim.url}/sim/state`)).json();
}

// A customer says something: its event, with a fresh reply token.
async function say(words, user = "hanako") {
	const res = await postJson(`${sim.url}/sim/say`, { user, text: words });

	assert.equal(res.status, 200, await res.text());
	return desk.take(words, (e) => e.message?.text === words);
}

// A call that LINE refuses: its status and its words.
async function refused(promise, status, words) {
	const e = await failure(promise);

	assert.ok(e instanceof HTTPFetchError, String(e));
	assert.equal(e.status, status, e.body);
	assert.match(JSON.parse(e.body).message, words);
	assert.ok(e.headers.get("x-line-request-id"));
	return e;
}

test("webhooks have what the specification requires", async () => {
	const event = await say("こんにちは\n😀");
	const { userId } = await client.getBotInfo();

	for (const { destination } of desk.bodies)
		assert.equal(destination, userId);
	assert.match(userId, /^U[0-9a-f]{32}$/);
	for (const e of [event, image, sticker]) {
		assert.match(e.webhookEventId, /^[0-9A-HJKMNP-TV-Z]{26}$/);
		assert.deepEqual(e.deliveryContext, { isRedelivery: false });
		assert.equal(e.mode, "active");
		assert.ok(Math.abs(Date.now() - e.timestamp) < 60000);
		assert.equal(e.source.type, "user");
		assert.match(e.source.userId, /^U[0-9a-f]{32}$/);
		assert.match(e.message.id, /^[0-9]+$/);
		assert.ok(e.replyToken);
		assert.ok(e.message.quoteToken);
		assert.ok(e.message.markAsReadToken);
	}
	assert.deepEqual(image.message.contentProvider, { type: "line" });
	assert.equal(sticker.message.packageId, "446");
	assert.equal(sticker.message.stickerId, "1988");
	assert.deepEqual(sticker.message.keywords, ["happy", "good"]);
	assert.equal(sticker.message.stickerResourceType, "STATIC");
	assert.deepEqual(desk.refused, []);
});

// What /sim/say is told, and what the event's message must then hold.
const deeds = [
	[{ sticker: "789 10855 bow" }, { type: "sticker", keywords: ["bow"] }],
	[{ video: "12" }, { type: "video", duration: 12000,
		contentProvider: { type: "line" } }],
	[{ audio: "3" }, { type: "audio", duration: 3000,
		contentProvider: { type: "line" } }],
	[{ file: "invoice.pdf 215040" },
		{ type: "file", fileName: "invoice.pdf", fileSize: 215040 }],
	[{ location: "35.69 139.7 新宿" }, { type: "location", latitude: 35.69,
		longitude: 139.7, title: "新宿" }],
];

test("every kind of message passes the middleware", async () => {
	for (const [what, holds] of deeds) {
		const res = await postJson(`${sim.url}/sim/say`,
		    { user: "hanako", ...what });
		const { messageId } = await res.json();
		const { message } = await desk.take(JSON.stringify(what),
		    (e) => e.message?.id === messageId);

		for (const [name, value] of Object.entries(holds))
			assert.deepEqual(message[name], value, name);
	}
});

test("a set of pictures comes whole", async () => {
	await postJson(`${sim.url}/sim/say`, { user: "hanako", images: "3" });
	const sets = [];

	for (let i = 0; i < 3; i++)
		sets.push((await desk.take("a picture of the set",
		    (e) => e.message?.imageSet)).message.imageSet);
	assert.deepEqual(sets.map((s) => s.index).sort(), [1, 2, 3]);
	assert.ok(sets.every((s) => s.total === 3 && s.id === sets[0].id));
});

test("events of people and groups pass the middleware", async () => {
	const tell = async (path, body) => {
		const res = await postJson(`${sim.url}/sim/${path}`, body);

		assert.equal(res.status, 200, await res.text());
	};
	const take = (type) => desk.take(type, (e) => e.type === type);

	await tell("unfollow", { user: "jiro" });
	assert.equal((await take("unfollow")).replyToken, undefined);
	await tell("follow", { user: "jiro" });
	assert.equal((await take("follow")).follow.isUnblocked, true);
	await tell("say", { user: "jiro", postback: "size=27" });
	assert.deepEqual((await take("postback")).postback, { data: "size=27" });
	await tell("join", { group: "shop" });
	const { source } = await take("join");
	assert.equal(source.type, "group");
	assert.match(source.groupId, /^C[0-9a-f]{32}$/);
	await tell("say", { user: "jiro", group: "shop", text: "皆さん" });
	const said = await desk.take("a word in the group",
	    (e) => e.message?.text === "皆さん");
	assert.equal(said.source.groupId, source.groupId);
	assert.match(said.source.userId, /^U[0-9a-f]{32}$/);
	await tell("edit", { user: "jiro", messageId: said.message.id,
		text: "皆様" });
	const edited = await take("messageEdited");
	assert.equal(edited.message.id, said.message.id);
	assert.equal(edited.message.text, "皆様");
	await tell("unsend", { user: "jiro", messageId: said.message.id });
	assert.deepEqual((await take("unsend")).unsend,
	    { messageId: said.message.id });
});

test("the middleware refuses what another secret has signed", async () => {
	const other = await receiver("another secret");
	const sim2 = await start("madosim", ["--listen", "127.0.0.1:0",
		"--webhook", other.url, "--channel-secret", secret,
		"--token", token, "--script",
		fileURLToPath(new URL("customers.script", import.meta.url))]);

	try {
		await until("a refusal", () => other.refused.length > 0);
		assert.ok(other.refused[0] instanceof SignatureValidationFailed);
		assert.deepEqual(other.events, []);
	} finally {
		await stop(sim2);
		other.stop();
	}
});

test("a webhook that was not answered with 200 comes again", async () => {
	desk.answers.push(500);
	const first = await say("もう一度");
	const second = await desk.take("the redelivery",
	    (e) => e.message?.text === "もう一度");

	assert.equal(second.deliveryContext.isRedelivery, true);
	assert.deepEqual(
	    { ...second, deliveryContext: first.deliveryContext }, first);
});

test("reply: once per token, up to five messages", async () => {
	const { replyToken, message } = await say("返品できますか");
	const res = await client.replyMessage({ replyToken, messages: [
		{ type: "text", text: "はい", quoteToken: message.quoteToken },
		{ type: "sticker", packageId: "446", stickerId: "1989" },
		{ type: "text", text: "選んでください", quickReply: { items: [1, 2, 3]
			.map((n) => ({ type: "action", action: { type: "postback",
				label: `${n}`, data: `n=${n}`, displayText: `${n}` } })) } },
	] });

	assert.equal(res.sentMessages.length, 3);
	for (const { id, quoteToken } of res.sentMessages) {
		assert.match(id, /^[0-9]+$/);
		assert.ok(quoteToken);
	}
	await refused(client.replyMessage({ replyToken, messages: text("x") }),
	    400, /^Invalid reply token$/);
	await refused(client.replyMessage(
	    { replyToken: "0".repeat(32), messages: text("x") }),
	    400, /^Invalid reply token$/);
	assert.ok(JSON.stringify(await state()).includes("選んでください"));
});

test("reply: a retry key is not for it", async () => {
	const { replyToken } = await say("鍵");
	const res = await postJson(`${sim.url}/v2/bot/message/reply`,
	    { replyToken, messages: text("x") },
	    { authorization: `Bearer ${token}`,
		    "x-line-retry-key": randomUUID() });

	assert.equal(res.status, 400);
});

test("push: a retry key is accepted once", async () => {
	const { source: { userId: to } } = await say("在庫は？");
	const key = randomUUID();
	const used = (await client.getMessageQuotaConsumption()).totalUsage;
	const { httpResponse, ...first } = await client.pushMessageWithHttpInfo(
	    { to, messages: text("あります") }, key);

	assert.equal(httpResponse.status, 200);
	const accepted = httpResponse.headers.get("x-line-request-id");
	assert.ok(accepted);
	const e = await refused(client.pushMessage(
	    { to, messages: text("あります") }, key),
	    409, /^The retry key is already accepted$/);
	assert.equal(e.headers.get("x-line-accepted-request-id"), accepted);
	assert.deepEqual(JSON.parse(e.body).sentMessages,
	    first.body.sentMessages);
	const again = await client.pushMessage(
	    { to, messages: text("まだあります") }, randomUUID());
	assert.notEqual(again.sentMessages[0].id,
	    first.body.sentMessages[0].id);
	assert.equal((await client.getMessageQuotaConsumption()).totalUsage,
	    used + 2);
	await refused(client.pushMessage({ to, messages: text("x") }, "no uuid"),
	    400, /./);
});

test("replies are not counted", async () => {
	const { replyToken } = await say("無料ですか");
	const used = (await client.getMessageQuotaConsumption()).totalUsage;

	await client.replyMessage({ replyToken, messages: text("無料です") });
	assert.equal((await client.getMessageQuotaConsumption()).totalUsage, used);
});

test("quota", async () => {
	const { type, value } = await client.getMessageQuota();

	assert.ok(type === "none" || (type === "limited" && value > 0));
});

test("profiles", async () => {
	const { source: { userId } } = await say("สวัสดี", "somchai");
	const p = await client.getProfile(userId);

	assert.equal(p.userId, userId);
	assert.equal(p.displayName, "Somchai ใจดี");
	assert.equal(p.language, "th");
	await refused(client.getProfile("U" + "0".repeat(32)), 404, /^Not found$/i);
});

test("content of a picture", async () => {
	const read = async (stream) => {
		const parts = [];

		for await (const part of stream)
			parts.push(part);
		return Buffer.concat(parts);
	};
	const { httpResponse, body } =
		await blob.getMessageContentWithHttpInfo(image.message.id);
	const type = httpResponse.headers.get("content-type");
	const bytes = await read(body);

	assert.match(type, /^image\/(jpeg|png)$/);
	assert.equal(bytes.subarray(0, 2).toString("hex"),
	    type === "image/png" ? "8950" : "ffd8");
	assert.ok((await read(await blob.getMessageContentPreview(
	    image.message.id))).length > 0);
	assert.equal((await failure(blob.getMessageContent("1"))).status, 404);
	await postJson(`${sim.url}/sim/unsend`,
	    { user: "hanako", messageId: image.message.id });
	assert.equal((await failure(
	    blob.getMessageContent(image.message.id))).status, 410);
});

test("validate", async () => {
	const check = (messages) => client.validatePush({ messages });

	await check(text("よし"));
	await client.validateReply({ messages: text("x".repeat(5000)) });
	for (const [messages, property] of [
		[text("x".repeat(5001)), "messages[0].text"],
		[text("😀".repeat(2501)), "messages[0].text"],
		[[...text("x"), { type: "nonsense" }], "messages[1].type"],
		[[...text("x"), { type: "image", originalContentUrl: "http://a/b",
			previewImageUrl: "https://a/b" }],
		"messages[1].originalContentUrl"],
	]) {
		const e = await refused(check(messages), 400, /./);

		assert.match(JSON.parse(e.body).message,
		    /^The request body has \d+ error\(s\)$/);
		assert.ok(JSON.parse(e.body).details.some(
		    (d) => d.property === property && d.message), e.body);
	}
	await refused(check(Array(6).fill(text("x")[0])), 400, /./);
	await refused(check([]), 400, /./);
});

test("loading animation and read marks", async () => {
	const { source: { userId: chatId }, message } = await say("待ちます");

	const { httpResponse } = await client.showLoadingAnimationWithHttpInfo(
	    { chatId, loadingSeconds: 20 });
	assert.equal(httpResponse.status, 202);
	await refused(client.showLoadingAnimation({ chatId, loadingSeconds: 7 }),
	    400, /./);
	await client.markMessagesAsReadByToken(
	    { markAsReadToken: message.markAsReadToken });
	await refused(client.markMessagesAsReadByToken(
	    { markAsReadToken: "nonsense" }), 400, /./);
});

test("a wrong token", async () => {
	const wrong = new messagingApi.MessagingApiClient(
	    { channelAccessToken: "wrong", baseURL: sim.url });

	await refused(wrong.getBotInfo(), 401,
	    /^Authentication failed due to the following reason: /);
	await refused(wrong.pushMessage(
	    { to: "U" + "0".repeat(32), messages: text("x") }, randomUUID()),
	    401, /^Authentication failed/);
});

test("the client of all hosts in one", async () => {
	const all = LineBotClient.fromChannelAccessToken({
		channelAccessToken: token, apiBaseURL: sim.url,
		dataApiBaseURL: sim.url });

	assert.equal((await all.getBotInfo()).userId,
	    (await client.getBotInfo()).userId);
	assert.equal((await all.getWebhookEndpoint()).endpoint, desk.url);
	assert.equal((await all.testWebhookEndpoint()).success, true);
});

test("faults on demand", async () => {
	const { source: { userId: to } } = await say("壊れますか");
	const fault = (kind, more) => postJson(`${sim.url}/sim/fault`,
	    { kind, rate: 1, count: 1, ...more });
	const send = (key) => client.pushMessage({ to, messages: text("x") }, key);
	const key = randomUUID();

	assert.equal((await fault("rate-limit")).status, 200);
	await refused(send(key), 429,
	    /^The API rate limit has been exceeded\. Try again later\.$/);
	await fault("month-over");
	await refused(send(key), 429, /^You have reached your monthly limit\.$/);
	await fault("error-500-acted");
	assert.equal((await failure(send(key))).status, 500);
	await refused(send(key), 409, /already accepted/);
	await fault("lose-answer");
	const lost = randomUUID();
	assert.ok(!(await failure(send(lost)) instanceof HTTPFetchError));
	await refused(send(lost), 409, /already accepted/);
});

test("stateless tokens by the SDK", async () => {
	const oauth = new channelAccessToken.ChannelAccessTokenClient(
	    { baseURL: sim.url });
	const issue = (id, word) => oauth.issueStatelessChannelToken(
	    "client_credentials", undefined, undefined, id, word);
	const got = await issue("1234567890", secret);

	assert.equal(got.token_type, "Bearer");
	assert.equal(got.expires_in, 900);
	assert.notEqual(got.access_token, token);
	const other = new messagingApi.MessagingApiClient(
	    { channelAccessToken: got.access_token, baseURL: sim.url });
	assert.equal((await other.getBotInfo()).userId,
	    (await client.getBotInfo()).userId);
	const { client_id: id } = await oauth.verifyChannelToken(token);
	assert.equal(id, "1234567890");
	for (const [channel, word] of [["1234567890", "x"], ["1", secret]]) {
		const e = await failure(issue(channel, word));

		assert.equal(e.status, 400);
		assert.equal(JSON.parse(e.body).error, "invalid_client");
	}
});

test("a rich menu from picture to tap", async () => {
	const area = (x, action) => ({
		bounds: { x, y: 0, width: 1250, height: 843 }, action });
	const menu = { size: { width: 2500, height: 843 }, selected: true,
		name: "shop", chatBarText: "メニュー", areas: [
			area(0, { type: "message", text: "営業時間は？" }),
			area(1250, { type: "postback", label: "返品",
				data: "menu=return", displayText: "返品" })] };
	const png = new Blob([Buffer.from("\x89PNG\r\n\x1a\n" +
	    "x".repeat(40), "latin1")], { type: "image/png" });
	const tap = (label) => postJson(`${sim.url}/sim/tap`,
	    { user: "hanako", menu: true, label });

	await client.validateRichMenuObject(menu);
	await refused(client.createRichMenu({ ...menu, chatBarText:
		"x".repeat(15) }), 400, /^The request body has 1 error/);
	await refused(client.createRichMenu({ ...menu,
		size: { width: 1000, height: 900 } }), 400, /1 error/);
	const { richMenuId: id } = await client.createRichMenu(menu);
	await refused(client.setDefaultRichMenu(id), 400, /image/);
	await blob.setRichMenuImage(id, png);
	assert.equal((await tap("返品")).status, 404);
	await client.setDefaultRichMenu(id);
	assert.equal((await client.getDefaultRichMenuId()).richMenuId, id);
	assert.deepEqual((await client.getRichMenuList()).richmenus,
	    [{ ...menu, richMenuId: id }]);
	assert.equal((await tap("返品")).status, 200);
	const event = await desk.take("a tap",
	    (e) => e.postback?.data === "menu=return");
	assert.ok(event.replyToken);
	await tap("#1");
	await desk.take("its text", (e) => e.message?.text === "営業時間は？");
	await client.deleteRichMenu(id);
	await refused(client.getDefaultRichMenuId(), 404, /./);
});

test("what the console switches", async () => {
	const set = (o) => postJson(`${sim.url}/sim/account`, o);

	await set({ chat: true, webhook: false });
	assert.equal((await client.getBotInfo()).chatMode, "chat");
	assert.equal((await client.getWebhookEndpoint()).active, false);
	await postJson(`${sim.url}/sim/say`, { user: "hanako", text: "later" });
	await set({ chat: false, webhook: true });
	assert.equal((await client.getBotInfo()).chatMode, "bot");
	await desk.take("what waited", (e) => e.message?.text === "later");
});

test("madosim ends well", async () => {
	const code = await stop(sim);
	assert.equal(code, 0, sim.said);
	assert.deepEqual(desk.refused, []);
});
