// What many write first: Express, the middleware of LINE's SDK, and one insert
// into PostgreSQL per event; 200 after it. PGHOST, PGUSER and PGDATABASE say
// where. Measured against madod by tests/bench/run.
import { middleware } from "@line/bot-sdk";
import express from "express";
import pg from "pg";

const pool = new pg.Pool({ max: 10 });
await pool.query(`CREATE TABLE IF NOT EXISTS message(id bigserial PRIMARY KEY,
  event_id text UNIQUE, user_id text, at bigint, reply_token text, body text)`);

const app = express();
app.post(
  "/line/main/webhook",
  middleware({ channelSecret: process.argv[2] }),
  async (req, res) => {
    for (const e of req.body.events)
      await pool.query(
        `INSERT INTO message(event_id, user_id, at, reply_token, body)
         VALUES($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [e.webhookEventId, e.source.userId, e.timestamp, e.replyToken,
          e.message.text],
      );
    res.json({});
  },
);
const server = app.listen(0, "127.0.0.1", () =>
  console.error(`express: ready http://127.0.0.1:${server.address().port}`),
);
