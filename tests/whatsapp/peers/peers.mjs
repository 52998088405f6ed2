// Two libraries that nobody here wrote, asked over standard input: one JSON question a line,
// one JSON answer a line, in order. They read webhooks, check signatures, judge what would be
// sent (each builds the message anew with its own builders) and send to a stand-in.
import { createInterface } from "node:readline";
import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";
import { WhatsAppAPI } from "whatsapp-api-js";
import * as parts from "whatsapp-api-js/messages";

const NUMBER = "106540352242922";
const VERSION = "v25.0";

function kindOf(payload) {
  return payload.type === "interactive" ? payload.interactive.type : payload.type;
}

// --- reading -------------------------------------------------------------------------------

function read({ body }) {
  const found = normalizeWebhook(JSON.parse(body));
  const first = [];
  const other = new WhatsAppAPI({ token: "none", v: VERSION, secure: false });
  other.on.message = (heard) => first.push({ what: "message", ...seen(heard.message), ...who(heard.contact) });
  other.on.status = (heard) => first.push({ what: "status", id: heard.id, status: heard.status, ...who(heard.contact) });
  return other.post(JSON.parse(body)).then(
    () => answer(found, first, null),
    (error) => answer(found, first, error.constructor.name),
  );
}

function answer(found, first, error) {
  return {
    kapso: {
      messages: found.messages.map((message) => ({
        ...seen(message),
        phone: message.from,
        user_id: message.fromUserId,
        parent_id: message.fromParentUserId,
      })),
      statuses: found.statuses.map((status) => ({
        id: status.id,
        status: status.status,
        timestamp: status.timestamp,
        key: status.bizOpaqueCallbackData,
        phone: status.recipientId,
        user_id: status.recipientUserId,
        parent_id: status.recipientParentUserId,
        error: status.errors?.[0]?.code,
      })),
    },
    "whatsapp-api-js": { first: first[0] ?? null, error },
  };
}

function who(contact) {
  return { phone: contact.wa_id, user_id: contact.user_id, parent_id: contact.parent_user_id };
}

function seen(message) {
  const interactive = message.interactive ?? {};
  const reply =
    interactive.buttonReply ?? interactive.listReply ?? interactive.button_reply ?? interactive.list_reply ?? {};
  const media = message.image ?? message.video ?? message.audio ?? message.document ?? message.sticker ?? {};
  return {
    id: message.id,
    type: message.type,
    timestamp: message.timestamp,
    text: message.text?.body ?? message.button?.text ?? reply.title ?? media.caption ?? null,
    choice: reply.id ?? message.button?.payload ?? null,
    media: media.id ?? null,
    voice: media.voice === true,
    context: message.context?.id ?? null,
  };
}

// --- signatures ----------------------------------------------------------------------------

async function verify({ secret, body, signature }) {
  const raw = Buffer.from(body, "base64");
  const other = new WhatsAppAPI({ token: "none", appSecret: secret, v: VERSION });
  return {
    kapso: verifySignature({ appSecret: secret, rawBody: raw, signatureHeader: signature }),
    "whatsapp-api-js": await other.verifyRequestSignature(raw.toString("utf8"), signature),
  };
}

// --- building ------------------------------------------------------------------------------

const KAPSO = {
  text: (to, { text }) => to.messages.sendText({ ...to.base, body: text.body, previewUrl: text.preview_url }),
  button: (to, { interactive }) =>
    to.messages.sendInteractiveButtons({
      ...to.base,
      bodyText: interactive.body.text,
      buttons: interactive.action.buttons.map((button) => button.reply),
      header: interactive.header,
      footerText: interactive.footer?.text,
    }),
  list: (to, { interactive }) =>
    to.messages.sendInteractiveList({
      ...to.base,
      bodyText: interactive.body.text,
      buttonText: interactive.action.button,
      sections: interactive.action.sections,
      header: interactive.header,
      footerText: interactive.footer?.text,
    }),
  cta_url: (to, { interactive }) =>
    to.messages.sendInteractiveCtaUrl({
      ...to.base,
      bodyText: interactive.body.text,
      header: interactive.header,
      footerText: interactive.footer?.text,
      parameters: {
        displayText: interactive.action.parameters.display_text,
        url: interactive.action.parameters.url,
      },
    }),
  location_request_message: (to, { interactive }) =>
    to.messages.sendInteractiveLocationRequest({
      ...to.base,
      bodyText: interactive.body.text,
      parameters: { requestMessage: interactive.body.text },
    }),
  template: (to, { template }) => to.messages.sendTemplate({ ...to.base, template }),
  document: (to, { document }) => to.messages.sendDocument({ ...to.base, document }),
  image: (to, { image }) => to.messages.sendImage({ ...to.base, image }),
};

const OTHER = {
  text: ({ text }) => new parts.Text(text.body, text.preview_url),
  button: ({ interactive }) =>
    interactiveOf(
      new parts.ActionButtons(
        ...interactive.action.buttons.map(({ reply }) => new parts.Button(reply.id, reply.title)),
      ),
      interactive,
    ),
  list: ({ interactive }) =>
    interactiveOf(
      new parts.ActionList(
        interactive.action.button,
        ...interactive.action.sections.map(
          (section) =>
            new parts.ListSection(
              section.title,
              ...section.rows.map((row) => new parts.Row(row.id, row.title, row.description)),
            ),
        ),
      ),
      interactive,
    ),
  cta_url: ({ interactive }) => {
    const { display_text: title, url } = interactive.action.parameters;
    return interactiveOf(new parts.ActionCTA(title, url), interactive);
  },
  location_request_message: ({ interactive }) => interactiveOf(new parts.ActionLocation(), interactive),
  template: ({ template }) =>
    new parts.Template(template.name, template.language.code, ...(template.components ?? []).map(component)),
  document: ({ document: file }) =>
    new parts.Document(file.id ?? file.link, Boolean(file.id), file.caption, file.filename),
  image: ({ image }) => new parts.Image(image.id ?? image.link, Boolean(image.id), image.caption),
};

function interactiveOf(action, { body, header, footer }) {
  return new parts.Interactive(
    action,
    new parts.Body(body.text),
    header ? new parts.Header(header.text) : undefined,
    footer ? new parts.Footer(footer.text) : undefined,
  );
}

function component(given) {
  if (given.type === "button" && given.sub_type === "quick_reply") {
    return new parts.PayloadComponent(given.parameters[0].payload);
  }
  if (given.type === "body") {
    return new parts.BodyComponent(...given.parameters.map(({ text }) => new parts.BodyParameter(text)));
  }
  throw new Error(`no builder is known here for the component ${given.type}`);
}

// --- sending -------------------------------------------------------------------------------

function kapsoAt(base, number, token, payload, fetchIt) {
  const client = new WhatsAppClient({
    accessToken: token,
    baseUrl: base,
    graphVersion: VERSION,
    ...(fetchIt ? { fetch: fetchIt } : {}),
  });
  const given = {
    phoneNumberId: number,
    to: payload.to,
    recipient: payload.recipient,
    recipientType: payload.recipient_type,
    contextMessageId: payload.context?.message_id,
    bizOpaqueCallbackData: payload.biz_opaque_callback_data,
  };
  return { messages: client.messages, base: given };
}

function otherAt(token, fetchIt) {
  return new WhatsAppAPI({ token, v: VERSION, secure: false, ponyfill: { fetch: fetchIt } });
}

function sendOther(client, number, payload) {
  return client.sendMessage(
    number,
    { phone: payload.to, bsuid: payload.recipient },
    OTHER[kindOf(payload)](payload),
    payload.context?.message_id,
    payload.biz_opaque_callback_data,
  );
}

async function judge({ payloads }) {
  return Promise.all(
    payloads.map(async (payload) => ({
      kapso: await judged(KAPSO, payload, (keep) => {
        const to = kapsoAt("http://127.0.0.1", NUMBER, "none", payload, keep);
        return KAPSO[kindOf(payload)](to, payload);
      }),
      "whatsapp-api-js": await judged(OTHER, payload, (keep) =>
        sendOther(otherAt("none", keep), NUMBER, payload),
      ),
    })),
  );
}

// Says whether the library knows the kind, why it refuses, and what it would have posted.
async function judged(builders, payload, build) {
  if (!(kindOf(payload) in builders)) return { knows: false, reason: null, posted: null };
  let posted = null;
  const keep = async (_url, init) => {
    posted = JSON.parse(init.body);
    return Response.json({ messages: [{ id: "wamid.none" }] });
  };
  try {
    await build(keep);
    return { knows: true, reason: null, posted };
  } catch (error) {
    return { knows: true, reason: String(error.message), posted: null };
  }
}

// Posts to a stand-in; `raw` passes by the library's own checks.
async function send({ peer, base, number, token, payload, raw }) {
  try {
    if (peer === "kapso") {
      const to = kapsoAt(base, number, token, payload, null);
      const given = raw
        ? to.messages.sendRaw({ phoneNumberId: number, payload })
        : KAPSO[kindOf(payload)](to, payload);
      return { answer: await given };
    }
    const there = (url, init) => fetch(String(url).replace("https://graph.facebook.com", base), init);
    const answer = await sendOther(otherAt(token, there), number, payload);
    return answer.error ? { error: { code: answer.error.code } } : { answer };
  } catch (error) {
    return { error: { code: error.code ?? null, reason: String(error.message) } };
  }
}

async function typing({ base, number, token, message }) {
  const to = kapsoAt(base, number, token, {}, null);
  return to.messages.markRead({ phoneNumberId: number, messageId: message, typingIndicator: { type: "text" } });
}

const ACTS = { read, verify, judge, send, typing };

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...question } = JSON.parse(line);
  let said;
  try {
    said = { said: await ACTS[act](question) };
  } catch (error) {
    said = { failed: `${error.constructor.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
