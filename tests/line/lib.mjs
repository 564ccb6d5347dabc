// What the tests share: programs as children, a webhook receiver with the
// SDK's middleware, waiting on conditions. Paths are those of the checkout.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import * as sdk from "@line/bot-sdk";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const modes = { asan: "asan", cov: "cov" };
const build = resolve(top, "build", modes[process.env.MODE] ?? "");

process.env.MADO_FAST_PASSWORDS = "1";
export const WAIT_MS = 20000;

export function program(name) {
	const path = resolve(build, name);

	if (!existsSync(path))
		throw new Error(`${path} is not built`);
	return path;
}

// Ask fn until it gives something true; returns that.
export async function until(what, fn, ms = WAIT_MS) {
	for (const end = Date.now() + ms; ;) {
		const got = await fn();

		if (got)
			return got;
		if (Date.now() > end)
			throw new Error(`waited ${ms} ms in vain for ${what}`);
		await new Promise((r) => setTimeout(r, 20));
	}
}

// Start a program and wait for its "NAME: ready URL".
export async function start(name, args, cwd) {
	const child = spawn(program(name), args,
	    { cwd, stdio: ["ignore", "pipe", "pipe"] });
	const it = { child, said: "", code: null };

	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (s) => (it.said += s));
	child.on("error", (e) => (it.code = e));
	child.on("exit", (code, signal) => (it.code = code ?? signal));
	const ready = new RegExp(`^${name}: ready (\\S+)$`, "m");
	await until(`${name} to be ready`, () => {
		if (it.code !== null)
			throw new Error(`${name} ended (${it.code}): ${it.said}`);
		return ready.test(it.said);
	});
	it.url = ready.exec(it.said)[1];
	return it;
}

// SIGTERM; returns the exit code, 0 when it went well.
export async function stop(it) {
	if (it?.code === null)
		it.child.kill("SIGTERM");
	await until("the end of a program", () => it.code !== null);
	return it.code;
}

// Run a program to its end; returns its code and output.
export function run(name, args, input, cwd) {
	return new Promise((done, fail) => {
		const child = spawn(program(name), args, { cwd });
		let out = "";

		child.stdout.setEncoding("utf8").on("data", (s) => (out += s));
		child.stderr.setEncoding("utf8").on("data", (s) => (out += s));
		child.on("error", fail);
		child.on("close", (code) => done({ code, out }));
		child.stdin.end(input);
	});
}

// A webhook receiver as the SDK would have it: what its middleware lets
// through is in `bodies` and, flat, in `events`; what it refuses in `refused`.
// `answers` holds status codes to give first, 200 after them.
export async function receiver(channelSecret) {
	const check = sdk.middleware({ channelSecret });
	const it = { bodies: [], events: [], refused: [], answers: [] };
	const server = createServer((req, res) =>
		check(req, res, (e) => {
			if (e) {
				it.refused.push(e);
				res.writeHead(401).end();
				return;
			}
			it.bodies.push(req.body);
			it.events.push(...req.body.events);
			res.writeHead(it.answers.shift() ?? 200).end();
		}));

	await new Promise((r) => server.listen(0, "127.0.0.1", r));
	it.url = `http://127.0.0.1:${server.address().port}/webhook`;
	it.stop = () => {
		server.closeAllConnections();
		server.close();
	};
	// The first event that fits, taken out of the list.
	it.take = (what, fits) => until(what, () => {
		const i = it.events.findIndex(fits);

		return i < 0 ? null : it.events.splice(i, 1)[0];
	});
	return it;
}

export function sign(secret, body) {
	return createHmac("sha256", secret).update(body).digest("base64");
}

export async function postJson(url, value, headers = {}) {
	return fetch(url, {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body: typeof value === "string" ? value : JSON.stringify(value),
	});
}

// The error of a call that must fail.
export async function failure(promise) {
	try {
		await promise;
	} catch (e) {
		return e;
	}
	throw new Error("the call went well");
}
