// Signatures: LINE's published vectors, by the SDK and by our own signer.
import assert from "node:assert/strict";
import test from "node:test";

import { validateSignature } from "@line/bot-sdk";

import { sign } from "./lib.mjs";
import { vectors } from "./vectors.mjs";

for (const { secret, body, signature } of vectors) {
	test(`the SDK and we agree on ${body}`, () => {
		assert.equal(sign(secret, body), signature);
		assert.ok(validateSignature(body, secret, signature));
		assert.ok(!validateSignature(body + "\n", secret, signature));
		assert.ok(!validateSignature(body, secret + "x", signature));
		assert.ok(!validateSignature(body, secret, "garbage"));
	});
}
