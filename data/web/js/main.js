// SPDX-License-Identifier: MIT

// The table of contents: builds the parts and connects them.

import { find, setText } from "./dom.js";
import { ListenView } from "./listen_view.js";
import { Receiver } from "./receiver.js";
import { Sender } from "./sender.js";
import { readFacts } from "./server_facts.js";
import { ShareView } from "./share_view.js";
import { Signaling } from "./signaling.js";
import { StatusView } from "./status_view.js";
import { Streams } from "./streams.js";
import { TalkView } from "./talk_view.js";

// This WebSocket is open as long as the page, for the list and for listening. Talking has its own.
const signaling = new Signaling();
const streams = new Streams();
signaling.on("message", (message) => {
  streams.apply(message);
  // Somebody came: the list with all details tells his name, and who else listens.
  if (message.type === "stream_available") signaling.send({ type: "get_available_streams" });
});

const receiver = new Receiver(signaling, streams);
const sender = new Sender();
sender.on("stream", (id) => (streams.ownId = id));

new ListenView(receiver, streams);
const talk = new TalkView(sender);
const share = new ShareView();
const status = new StatusView();

function showLink(state, words) {
  find("#link").dataset.state = state;
  setText(find("#link-text"), words);
}

async function learnFacts() {
  const facts = await readFacts();
  talk.secureUrl = facts.secureUrl;
  share.facts = facts;
  status.version = facts.version;
}

signaling.on("up", () => {
  showLink("up", "Connected");
  learnFacts();
});
signaling.on("down", () => showLink("down", "Reconnecting …"));
signaling.on("refused", ({ words }) => showLink("down", `Not let in: ${words}`));
signaling.open();
