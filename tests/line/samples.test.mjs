// Every kind of webhook event, posted to madod: each stored once, each shown
// as the line that samples.json names, none lost or fatal.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";

import { postJson, run, sign, start, stop, until } from "./lib.mjs";
import { vectors } from "./vectors.mjs";

const { destination, samples } = JSON.parse(
    readFileSync(new URL("samples.json", import.meta.url), "utf8"));
const secret = "0123456789abcdef0123456789abcdef";
let dir, madod, bearer;

async function api(path) {
	const res = await fetch(madod.url + path, { headers: bearer });

	assert.equal(res.status, 200, path);
	return res.json();
}

async function post(events, { channel = "main", key = secret } = {}) {
	const body = JSON.stringify({ destination, events });

	return postJson(`${madod.url}/line/${channel}/webhook`, body,
	    { "x-line-signature": sign(key, body) });
}

// Every message of every conversation.
async function messages() {
	const all = [];
	const list = await api("/v1/conversations?view=all&limit=500");

	assert.equal(list.next, null);
	for (const { number } of list.conversations) {
		const page = await api(
		    `/v1/conversations/${number}/messages?limit=500`);

		assert.equal(page.before, null);
		assert.deepEqual(page.messages.map((m) => m.at),
		    page.messages.map((m) => m.at).sort());
		all.push(...page.messages);
	}
	return all;
}

before(async () => {
	dir = mkdtempSync(join(tmpdir(), "madod-samples-"));
	// Nothing listens on port 1: what madod would ask LINE must not matter.
	const line = (name, key) => `
[line ${name}]
channel_secret = ${key}
channel_access_token = none
api_base = http://127.0.0.1:1
data_base = http://127.0.0.1:1
`;
	writeFileSync(join(dir, "madod.conf"), `
[server]
listen = 127.0.0.1:0
tls = off
store = sqlite:madod.db
state_dir = ${dir}
` + line("main", secret) +
	    vectors.map(({ secret: s }, i) => line(`v${i}`, s)).join(""),
	    { mode: 0o600 });
	const conf = ["-c", join(dir, "madod.conf")];
	const made = await run("madod", [...conf, "user", "add", "sato",
	    "--role", "agent", "--password-stdin"], "correct horse 42\n");

	assert.equal(made.code, 0, made.out);
	madod = await start("madod", conf, dir);
	const res = await postJson(`${madod.url}/v1/session`,
	    { name: "sato", password: "correct horse 42" });

	assert.equal(res.status, 200);
	bearer = { authorization: `Bearer ${(await res.json()).token}` };
});

after(async () => {
	if (madod)
		await stop(madod);
	rmSync(dir, { recursive: true, force: true });
});

test("LINE's own signature vectors", async () => {
	const send = (i, body, signature) =>
		postJson(`${madod.url}/line/v${i}/webhook`, body,
		    signature === undefined ? {} : { "x-line-signature": signature });

	for (const [i, { body, signature }] of vectors.entries()) {
		// The second is no webhook, but well signed.
		assert.equal((await send(i, body, signature)).status, 200, body);
		for (const [what, b, s] of [
			["no signature", body, undefined],
			["an empty signature", body, ""],
			["garbage", body, "%%%"],
			["a short one", body, signature.slice(0, -4)],
			["a long one", body, signature + signature],
			["a line feed more", body + "\n", signature],
			["other white space", body.replace(":", ": "), signature],
			["another's secret", body,
				vectors[1 - i].signature],
			["an empty body", "", signature],
		])
			assert.equal((await send(i, b, s)).status, 401, what);
	}
});

test("each sample is taken, alone", async () => {
	for (const { name, event } of samples)
		assert.equal((await post([event])).status, 200, name);
});

// What an agent sees for a sample: the edited and the unsent ones changed.
const unsent = samples.find(({ event }) => event.type === "unsend")
	.event.unsend.messageId;
const edit = samples.find(({ event }) => event.type === "messageEdited").event;
const shown = samples.filter(({ event: { type, source: s } }) =>
	!["unsend", "messageEdited"].includes(type) &&
	(s?.userId || s?.groupId || s?.roomId));
const nobody = samples.filter(({ event: { source: s } }) =>
	!(s?.userId || s?.groupId || s?.roomId));

async function checkLines() {
	const seen = await messages();

	for (const m of seen)
		assert.ok(m.text, JSON.stringify(m));
	for (const { name, as, line, event } of shown) {
		const i = seen.findIndex((m) => (event.type === "message"
			? m.line_id === event.message.id
			: m.type === as && m.text === line));

		assert.ok(i >= 0, `${name} is not shown`);
		const [m] = seen.splice(i, 1);

		assert.equal(m.type, as, name);
		if (event.message?.id === unsent) {
			assert.equal(m.unsent, true);
			assert.notEqual(m.text, line);
		} else if (event.message?.id === edit.message.id)
			assert.equal(m.text, edit.message.text);
		else
			assert.equal(m.text, line, name);
	}
	// What is left are madod's own lines (handed over, ..), no sample again.
	for (const m of seen) {
		assert.notEqual(m.from, "customer", JSON.stringify(m));
		assert.ok(!shown.some(({ line }) => line === m.text), m.text);
	}
}

test("each is shown once, as its line, in order of time", checkLines);

test("those of nobody are in the feed", async () => {
	const events = [];

	for (let seq = 0, more = true; more;) {
		const page = await api(`/v1/feed?after=${seq}&wait=0&limit=500`);

		events.push(...page.events);
		({ seq, more } = page);
	}
	const kinds = events.filter((e) => e.kind === "line.event")
		.map((e) => e.why);

	assert.deepEqual(kinds, nobody.map(({ event }) => event.type));
});

test("delivered again, one by one and all at once, they change nothing",
    async () => {
	const before = await api("/v1/status");
	const again = samples.map(({ event }) => event.deliveryContext
		? { ...event, deliveryContext: { isRedelivery: true } } : event);

	for (const event of again)
		assert.equal((await post([event])).status, 200);
	assert.equal((await post(again)).status, 200);
	await checkLines();
	assert.equal((await api("/v1/status")).seq, before.seq);
});

test("madod ends well", async () => {
	const code = await stop(madod);
	assert.equal(code, 0, madod.said);
	assert.ok(!madod.said.includes("返品したい"), "no text in the log");
});
