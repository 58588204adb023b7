// SPDX-License-Identifier: MIT
#include "signaling/client_message.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/json_guard.hpp"
#include "signaling/server_message.hpp"

namespace voicecast {
namespace {

const std::chrono::system_clock::time_point noon{std::chrono::hours(12)};

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// The error of a message that must be refused.
std::string refusal(std::string_view json) {
  const auto result = parse_client_message(json);
  if (result) return "accepted";
  EXPECT_EQ(result.error().code, ErrorCode::bad_message);
  EXPECT_TRUE(g_utf8_validate(result.error().message.c_str(), -1, nullptr));
  EXPECT_THAT(result.error().message, SizeIs(testing::Lt(300u)));
  return result.error().message;
}

template <class Message>
void expect_message(std::string_view json, const Message& expected) {
  const auto result = parse_client_message(json);
  ASSERT_TRUE(result) << json << ": " << result.error().message;
  ASSERT_TRUE(std::holds_alternative<Message>(*result)) << json;
  EXPECT_TRUE(std::get<Message>(*result) == expected) << json;
}

void expect_accepted(std::string_view json) {
  const auto result = parse_client_message(json);
  EXPECT_TRUE(result) << json << ": " << result.error().message;
}

std::string stop_stream_with(std::string_view value) {
  return R"({"type":"stop_stream","extra":)" + std::string(value) + "}";
}

std::string local_ip_of(std::string_view escaped) {
  return R"({"type":"local_ip","ip":")" + std::string(escaped) + "\"}";
}

std::string nest(std::size_t levels) {
  return stop_stream_with(std::string(levels - 1, '[') + std::string(levels - 1, ']'));
}

// -- what the reference shows --------------------------------------------------------------------------------------

TEST(ParseClientMessage, takes_every_message_of_the_reference) {
  expect_message(R"({"type": "start_sending"})", StartSending{});
  expect_message(R"({"type": "start_sending", "name": null})", StartSending{});
  expect_message(R"({"type": "start_sending", "name": "Ann"})", StartSending{"Ann"});
  expect_message(R"({"type": "start_receiving", "stream_id": "stream_uuid"})", StartReceiving{"stream_uuid"});
  expect_message(R"({"type": "start_receiving"})", StartReceiving{});
  expect_message(
      R"({"type": "webrtc_offer", "offer": {"sdp": "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n", "type": "offer"}})",
      WebrtcOffer{"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"});
  expect_message(R"({"type": "webrtc_answer", "answer": {"sdp": "v=0\r\no=- 9\r\n", "type": "answer"}})",
                 WebrtcAnswer{"v=0\r\no=- 9\r\n"});
  expect_message(
      R"({"type": "ice_candidate", "candidate": {
            "candidate": "candidate:1 1 UDP 2130706431 192.168.1.100 54321 typ host",
            "sdpMid": "0", "sdpMLineIndex": 0}})",
      IceCandidate{"candidate:1 1 UDP 2130706431 192.168.1.100 54321 typ host", "0", 0});
  expect_message(R"({"type": "get_available_streams"})", GetAvailableStreams{});
  expect_message(R"({"type": "stop_stream"})", StopStream{});
  expect_message(R"({"type": "local_ip", "ip": "192.168.1.100"})", LocalIp{"192.168.1.100"});
}

TEST(ParseClientMessage, ignores_fields_it_does_not_know) {
  expect_message(R"({"x": [1, {"y": null}], "type": "stop_stream", "stream_id": 5, "ip": {}})", StopStream{});
  expect_message(R"({"type": "webrtc_offer", "offer": {"type": "offer", "sdp": "v=0", "toJSON": {}}})",
                 WebrtcOffer{"v=0"});
}

TEST(ParseClientMessage, takes_null_and_no_stream_id_for_the_newest_stream) {
  expect_message(R"({"type": "start_receiving", "stream_id": null})", StartReceiving{});
  expect_message(R"({"type": "start_receiving", "stream_id": ""})", StartReceiving{""});
}

TEST(ParseClientMessage, takes_a_description_without_its_own_type) {
  expect_message(R"({"type": "webrtc_offer", "offer": {"sdp": "v=0"}})", WebrtcOffer{"v=0"});
  expect_message(R"({"type": "webrtc_answer", "answer": {"sdp": "v=0"}})", WebrtcAnswer{"v=0"});
}

TEST(ParseClientMessage, takes_the_ends_of_candidates_that_browsers_send) {
  for (const auto* candidate : {"null", R"({"candidate": ""})", R"({"candidate": null})",
                                R"({"candidate": "", "sdpMid": null, "sdpMLineIndex": null})"})
    expect_message(R"({"type": "ice_candidate", "candidate": )" + std::string(candidate) + "}", IceCandidate{});
  expect_message(R"({"type": "ice_candidate", "candidate": {"candidate": "", "sdpMid": "0", "sdpMLineIndex": 0}})",
                 IceCandidate{"", "0", 0});
}

TEST(ParseClientMessage, takes_a_candidate_with_mid_or_index_alone) {
  expect_message(R"({"type": "ice_candidate", "candidate": {"candidate": "c", "sdpMid": "audio"}})",
                 IceCandidate{"c", "audio", std::nullopt});
  expect_message(R"({"type": "ice_candidate", "candidate": {"candidate": "c", "sdpMLineIndex": 65535}})",
                 IceCandidate{"c", std::nullopt, 65535});
}

// -- fields that are missing or mistyped ---------------------------------------------------------------------------

TEST(ParseClientMessage, names_the_invalid_field) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {R"({})", R"("type" is missing)"},
      {R"({"type": 7})", R"("type" must be a string)"},
      {R"({"type": null})", R"("type" must be a string)"},
      {R"({"type": ["stop_stream"]})", R"("type" must be a string)"},
      {R"({"Type": "stop_stream"})", R"("type" is missing)"},
      {R"({"type": ""})", R"(unknown message type "")"},
      {R"({"type": "STOP_STREAM"})", R"(unknown message type "STOP_STREAM")"},
      {R"({"type": "sender_ready"})", R"(unknown message type "sender_ready")"},

      {R"({"type": "start_receiving", "stream_id": 5})", R"(start_receiving: "stream_id" must be a string)"},
      {R"({"type": "start_receiving", "stream_id": {}})", R"(start_receiving: "stream_id" must be a string)"},
      {R"({"type": "start_receiving", "stream_id": ["a"]})", R"(start_receiving: "stream_id" must be a string)"},
      {R"({"type": "start_receiving", "stream_id": true})", R"(start_receiving: "stream_id" must be a string)"},

      {R"({"type": "webrtc_offer"})", R"(webrtc_offer: "offer" is missing)"},
      {R"({"type": "webrtc_offer", "sdp": "v=0"})", R"(webrtc_offer: "offer" is missing)"},
      {R"({"type": "webrtc_offer", "offer": "v=0"})", R"(webrtc_offer: "offer" must be an object)"},
      {R"({"type": "webrtc_offer", "offer": null})", R"(webrtc_offer: "offer" must be an object)"},
      {R"({"type": "webrtc_offer", "offer": []})", R"(webrtc_offer: "offer" must be an object)"},
      {R"({"type": "webrtc_offer", "offer": {}})", R"(webrtc_offer: "offer.sdp" is missing)"},
      {R"({"type": "webrtc_offer", "offer": {"sdp": 1}})", R"(webrtc_offer: "offer.sdp" must be a string)"},
      {R"({"type": "webrtc_offer", "offer": {"sdp": null}})", R"(webrtc_offer: "offer.sdp" must be a string)"},
      {R"({"type": "webrtc_offer", "offer": {"sdp": ""}})", R"(webrtc_offer: "offer.sdp" must not be empty)"},
      {R"({"type": "webrtc_offer", "offer": {"sdp": "v=0", "type": "answer"}})",
       R"(webrtc_offer: "offer.type" must be "offer")"},
      {R"({"type": "webrtc_offer", "offer": {"sdp": "v=0", "type": 1}})",
       R"(webrtc_offer: "offer.type" must be a string)"},
      {R"({"type": "webrtc_offer", "offer": {"sdp": "v=0", "type": null}})",
       R"(webrtc_offer: "offer.type" must be a string)"},

      {R"({"type": "webrtc_answer"})", R"(webrtc_answer: "answer" is missing)"},
      {R"({"type": "webrtc_answer", "offer": {"sdp": "v=0"}})", R"(webrtc_answer: "answer" is missing)"},
      {R"({"type": "webrtc_answer", "answer": 1})", R"(webrtc_answer: "answer" must be an object)"},
      {R"({"type": "webrtc_answer", "answer": {}})", R"(webrtc_answer: "answer.sdp" is missing)"},
      {R"({"type": "webrtc_answer", "answer": {"sdp": {}}})", R"(webrtc_answer: "answer.sdp" must be a string)"},
      {R"({"type": "webrtc_answer", "answer": {"sdp": ""}})", R"(webrtc_answer: "answer.sdp" must not be empty)"},
      {R"({"type": "webrtc_answer", "answer": {"sdp": "v=0", "type": "offer"}})",
       R"(webrtc_answer: "answer.type" must be "answer")"},
      {R"({"type": "webrtc_answer", "answer": {"sdp": "v=0", "type": []}})",
       R"(webrtc_answer: "answer.type" must be a string)"},

      {R"({"type": "ice_candidate"})", R"(ice_candidate: "candidate" is missing)"},
      {R"({"type": "ice_candidate", "candidate": "c"})", R"(ice_candidate: "candidate" must be an object)"},
      {R"({"type": "ice_candidate", "candidate": {}})", R"(ice_candidate: "candidate.candidate" is missing)"},
      {R"({"type": "ice_candidate", "candidate": {"candidate": 1}})",
       R"(ice_candidate: "candidate.candidate" must be a string)"},
      {R"({"type": "ice_candidate", "candidate": {"candidate": "c", "sdpMid": 0}})",
       R"(ice_candidate: "candidate.sdpMid" must be a string)"},

      {R"({"type": "local_ip"})", R"(local_ip: "ip" is missing)"},
      {R"({"type": "local_ip", "ip": null})", R"(local_ip: "ip" must be a string)"},
      {R"({"type": "local_ip", "ip": 1})", R"(local_ip: "ip" must be a string)"},
  };
  for (const auto& [json, words] : cases) EXPECT_EQ(refusal(json), words) << json;
}

TEST(ParseClientMessage, refuses_an_invalid_mline_index) {
  for (const auto* index : {"-1", "65536", "4294967296", "9223372036854775807", "-9223372036854775808", "1.0", "1e2",
                            "0.5", "\"0\"", "true", "[]", "{}"})
    EXPECT_EQ(
        refusal(R"({"type":"ice_candidate","candidate":{"candidate":"c","sdpMLineIndex":)" + std::string(index) + "}}"),
        R"(ice_candidate: "candidate.sdpMLineIndex" must be an integer from 0 to 65535)")
        << index;
}

TEST(ParseClientMessage, quotes_an_unknown_type_in_short_and_clean) {
  const auto unknown = [](const std::string& type) { return refusal("{\"type\":\"" + type + "\"}"); };
  const std::string forty(40, 'x');
  EXPECT_EQ(unknown(forty), "unknown message type \"" + forty + "\"");
  EXPECT_EQ(unknown(forty + "y"), "unknown message type \"" + forty + "…\"");
  EXPECT_EQ(unknown(std::string(200'000, 'x')), "unknown message type \"" + forty + "…\"");
  std::string umlauts;
  for (int i = 0; i < 41; ++i) umlauts += "ü";
  EXPECT_EQ(unknown(umlauts), "unknown message type \"" + umlauts.substr(0, 80) + "…\"");
  EXPECT_EQ(unknown(R"(a\n\u001b[2J\u007f)"), "unknown message type \"a??[2J?\"");
}

TEST(ParseClientMessage, takes_its_own_major_version) {
  for (const auto* version : {"1", "1.0", "1.7", "1.12.3"})
    expect_message(R"({"version": ")" + std::string(version) + R"(", "type": "start_sending"})", StartSending{});
}

TEST(ParseClientMessage, refuses_another_major_version) {
  for (const auto* version : {"2.0", "2", "0.9", "10", "11.0", "", ".1", "v1", "1-beta"})
    EXPECT_EQ(refusal(R"({"version": ")" + std::string(version) + R"(", "type": "start_sending"})"),
              "\"version\" is \"" + std::string(version) + "\", but this server speaks version 1.0");
  EXPECT_THAT(refusal(R"({"version": "2.0", "type": {"v2": "start_sending"}})"), HasSubstr("speaks version 1.0"));
}

TEST(ParseClientMessage, refuses_a_version_other_than_a_string) {
  for (const auto* version : {"1", "1.0", "null", "true", "[]", "{}"})
    EXPECT_EQ(refusal(R"({"type": "start_sending", "version": )" + std::string(version) + "}"),
              R"("version" must be a string)");
}

// -- odd JSON ------------------------------------------------------------------------------------------------------

TEST(ParseClientMessage, refuses_other_values_than_objects) {
  EXPECT_THAT(refusal(std::string_view()), HasSubstr("not a JSON object"));
  for (const auto* text : {"", " \r\n\t", "null", "5", "\"stop_stream\"", "hello", "[]", R"([{"type":"stop_stream"}])",
                           R"(var x = {"type":"stop_stream"};)", R"(/**/{"type":"stop_stream"})", "]", "}", ":", ",",
                           "\xef\xbb\xbf{\"type\":\"stop_stream\"}"})
    EXPECT_THAT(refusal(text), HasSubstr("not a JSON object")) << text;
}

TEST(ParseClientMessage, refuses_invalid_json_with_position) {
  for (const auto* text : {
           R"({"type":"stop_stream")",
           R"({"type":"stop_stream)",
           R"({"type":"stop_stream\)",
           R"({"type":"stop_stream\")",
           R"({)",
           R"({"type")",
           R"({"type":)",
           R"({"type":})",
           R"({"type" "stop_stream"})",
           R"({"type","stop_stream"})",
           R"({"type":"stop_stream",})",
           R"({,"type":"stop_stream"})",
           R"({"type":"stop_stream" "a":1})",
           R"({"type":"stop_stream"]})",
           R"({"type":"stop_stream"])",
           R"({"type":"stop_stream","a":[1})",
           R"({"type":"stop_stream","a":[1,]})",
           R"({"type":"stop_stream","a":[}]})",
           R"({type:"stop_stream"})",
           R"({'type':"stop_stream"})",
           R"({"type":'stop_stream'})",
           R"({5:"stop_stream"})",
           R"({{}:"stop_stream"})",
           R"({"type":"stop_stream"/**/})",
           "{\"type\":\"stop_stream\"//x\n}",
           "{\"type\":\"stop_stream\"#x\n}",
           R"({"type":"stop_stream"}x)",
           R"({"type":"stop_stream"}})",
           R"({"type":"stop_stream"},)",
           R"({"type":"stop_stream"};)",
           R"({"type":"start_sending"} {"type":"stop_stream"})",
       })
    EXPECT_THAT(refusal(text), testing::ContainsRegex("^not JSON.*[0-9]")) << text;
  EXPECT_EQ(refusal(R"({"type":"stop_stream"])"), "not JSON, near byte 22: this bracket closes nothing");
  EXPECT_EQ(refusal(R"({"type":"stop_stream"} x)"), "not JSON, near byte 23: something follows the JSON object");
}

TEST(ParseClientMessage, takes_plain_values_only) {
  for (const auto* value : {"0", "-0", "-1", "1.5", "1e5", "1E+5", "-2.5e-3", "9223372036854775807",
                            "-9223372036854775808", "true", "false", "null"})
    expect_accepted(stop_stream_with(value));
  for (const auto* value : {"1e999",
                            "-1e999",
                            "9223372036854775808",
                            "-9223372036854775809",
                            "18446744073709551615",
                            "-18446744073709551615",
                            "99999999999999999999",
                            "010",
                            "-01",
                            "0x10",
                            "0x1e",
                            "0b1",
                            "$1",
                            "+1",
                            "--1",
                            "-",
                            "- 1",
                            ".5",
                            "1.2.3",
                            "1abc",
                            "1e",
                            "NaN",
                            "inf",
                            "-inf",
                            "nan",
                            "Infinity",
                            "TRUE",
                            "nullx",
                            "ü"})
    EXPECT_THAT(refusal(stop_stream_with(value)), HasSubstr("is neither a string in double quotes nor")) << value;
  EXPECT_THAT(refusal(stop_stream_with(std::string(200'000, 'a'))), HasSubstr("…\" is neither"));
}

TEST(ParseClientMessage, reads_escapes) {
  expect_message(local_ip_of(R"(\"\\\/\b\f\n\r\t\u0041\u00fC\u20ac\ud83d\ude00)"), LocalIp{"\"\\/\b\f\n\r\tAü€😀"});
  expect_message(local_ip_of(R"(\\u0000 \\0 \\ud800 [[ { // /* ' )"), LocalIp{R"(\u0000 \0 \ud800 [[ { // /* ' )"});
  expect_message(R"({"t\u0079pe":"stop_stream"})", StopStream{});
}

TEST(ParseClientMessage, takes_raw_control_characters_as_they_are) {
  expect_message(local_ip_of("v=0\r\n\t\x01\x7f"), LocalIp{"v=0\r\n\t\x01\x7f"});
}

TEST(ParseClientMessage, never_cuts_a_string_at_nul) {
  EXPECT_THAT(refusal(R"({"type":"webrtc_offer","offer":{"sdp":"v=0\u0000m=audio"}})"), HasSubstr("\\u0000"));
  EXPECT_THAT(refusal(R"({"type":"stop_stream\u0000x"})"), HasSubstr("\\u0000"));
  EXPECT_THAT(refusal(R"({"type\u0000x":"stop_stream"})"), HasSubstr("\\u0000"));
  EXPECT_THAT(refusal(local_ip_of(R"(a\\\u0000)")), HasSubstr("\\u0000"));
  EXPECT_THAT(refusal(local_ip_of(std::string_view("a\0b", 3))), HasSubstr("UTF-8"));
  EXPECT_THAT(refusal(std::string_view("{\"type\":\"stop_stream\"}\0", 23)), HasSubstr("UTF-8"));
}

TEST(ParseClientMessage, refuses_invalid_escapes) {
  for (const auto* escape : {R"(\0)", R"(\101)", R"(\q)", R"(\x41)", R"(\')", "\\\n", "\\ü"})
    EXPECT_THAT(refusal(local_ip_of(escape)), HasSubstr("unknown escape")) << escape;
  for (const auto* escape : {R"(\u)", R"(\u12)", R"(\uZZZZ)", R"(\u-123)", R"(\u+123)", R"(\u 123)", R"(\u0x1)"})
    EXPECT_THAT(refusal(local_ip_of(escape)), HasSubstr("four hexadecimal digits")) << escape;
  EXPECT_THAT(refusal(R"({"type":"\u00)"), HasSubstr("four hexadecimal digits"));
}

TEST(ParseClientMessage, refuses_unpaired_surrogates) {
  for (const auto* escape : {R"(\ud800)", R"(\ud800x)", R"(\udc00)", R"(\udfff)", R"(\udc00\ud800)", R"(\ud800\ud800)",
                             R"(\ud800\u0041)", R"(\ud800\n)", R"(\udbff\ue000)", R"(\udbff\udbff)", R"(\ud800\u)"})
    EXPECT_THAT(refusal(local_ip_of(escape)), HasSubstr("a surrogate without its pair")) << escape;
  expect_message(local_ip_of(R"(\ud800\udc00\udbff\udfff\ud7ff\ue000)"), LocalIp{"\U00010000\U0010ffff\ud7ff\ue000"});
}

TEST(ParseClientMessage, refuses_invalid_utf8) {
  for (const auto* bytes : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"})
    EXPECT_EQ(refusal(local_ip_of(bytes)), "the message is not valid UTF-8");
}

TEST(ParseClientMessage, takes_the_last_of_duplicate_keys) {
  expect_message(R"({"type":"start_sending","type":"stop_stream"})", StopStream{});
  expect_message(R"({"type":"local_ip","ip":{"a":[1]},"ip":"b"})", LocalIp{"b"});
}

// -- limits --------------------------------------------------------------------------------------------------------

TEST(ParseClientMessage, limits_nesting) {
  expect_accepted(nest(max_message_nesting));
  EXPECT_EQ(refusal(nest(max_message_nesting + 1)), "the message nests deeper than 32 levels");
}

TEST(ParseClientMessage, survives_maximal_nesting) {
  constexpr std::size_t size = 256 * 1024;
  EXPECT_THAT(refusal(std::string(size, '[')), HasSubstr("not a JSON object"));
  EXPECT_THAT(refusal(std::string(size, '{')), HasSubstr("nests deeper"));
  EXPECT_THAT(refusal(stop_stream_with(std::string(size, '['))), HasSubstr("nests deeper"));
  std::string objects;
  while (objects.size() < size) objects += "{\"a\":";
  EXPECT_THAT(refusal(objects), HasSubstr("nests deeper"));
}

TEST(ParseClientMessage, finds_nesting_after_a_quote) {
  const std::string nest(256 * 1024, '[');
  for (const auto* hidden : {"/*\"*/", "//\"\n", "#\"\n", "'\"'", "\"\\\"\",", "\"\\\\\","}) {
    EXPECT_NE(refusal(stop_stream_with(hidden + nest)), "accepted");
    EXPECT_NE(refusal(hidden + nest), "accepted");
  }
}

TEST(ParseClientMessage, limits_the_number_of_fields) {
  const auto with_commas = [](std::size_t commas) {
    std::string list = "\",\"";
    for (std::size_t i = 1; i < commas; ++i) list += ",0";
    return stop_stream_with('[' + list + ']');
  };
  expect_accepted(with_commas(max_message_commas));
  EXPECT_EQ(refusal(with_commas(max_message_commas + 1)), "the message has too many fields: more than 256 commas");
}

TEST(ParseClientMessage, takes_a_long_string_whole) {
  std::string sdp = "v=0,[{";
  while (sdp.size() < 200'000) sdp += "ü,";
  expect_message(R"({"type":"webrtc_offer","offer":{"type":"offer","sdp":")" + sdp + "\"}}", WebrtcOffer{sdp});
}

// -- server to client ----------------------------------------------------------------------------------------------

TEST(ToJson, writes_every_message_of_the_reference) {
  const std::vector<std::pair<ServerMessage, std::string_view>> cases = {
      {SenderReady{"uuid"}, R"({"type":"sender_ready","connection_id":"uuid"})"},
      {AvailableStreams{{StreamDetails{.id = "stream_1",
                                       .name = "<Ann>",
                                       .since = noon,
                                       .webrtc_listeners = 2,
                                       .mp3_listeners = 3,
                                       .opus_listeners = 4},
                         StreamDetails{.id = "stream_2"}}},
       R"({"type":"available_streams","streams":["stream_1","stream_2"],"details":[)"
       R"({"id":"stream_1","name":"<Ann>","since":43200,"listeners":9},{"id":"stream_2","name":"","since":0,"listeners":0}]})"},
      {AvailableStreams{}, R"({"type":"available_streams","streams":[],"details":[]})"},
      {AvailableStreams{{}, true}, R"({"type":"available_streams","streams":[],"details":[],"version":"1.0"})"},
      {StreamAvailable{"stream_1", "Ann"}, R"({"type":"stream_available","stream_id":"stream_1","name":"Ann"})"},
      {StreamEnded{"stream_1"}, R"({"type":"stream_ended","stream_id":"stream_1","code":"stopped"})"},
      {StreamEnded{"stream_1", true}, R"({"type":"stream_ended","stream_id":"stream_1","code":"failed"})"},
      {ErrorMessage{MessageError::no_stream, ""},
       R"({"type":"error","message":"No audio stream available","code":"no_stream"})"},
      {ErrorMessage{MessageError::stream_ended, "", "stream_1"},
       R"({"type":"error","message":"Stream ended","code":"stream_ended","stream_id":"stream_1"})"},
      {ServerOffer{"v=0\r\n"}, R"({"type":"webrtc_offer","offer":{"sdp":"v=0\r\n","type":"offer"}})"},
      {ServerAnswer{"v=0\r\n"}, R"({"type":"webrtc_answer","answer":{"sdp":"v=0\r\n","type":"answer"}})"},
      {ServerCandidate{"candidate:1", "0", 3},
       R"({"type":"ice_candidate","candidate":{"candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":3}})"},
  };
  for (const auto& [message, json] : cases) EXPECT_EQ(to_json(message), json);
}

TEST(ToJson, writes_the_code_of_each_error) {
  const std::vector<std::pair<MessageError, std::string>> codes = {
      {MessageError::bad_message, "bad_message"}, {MessageError::unsupported, "unsupported"},
      {MessageError::forbidden, "forbidden"},     {MessageError::busy, "busy"},
      {MessageError::failed, "failed"},
  };
  for (const auto& [code, text] : codes)
    EXPECT_EQ(to_json(ErrorMessage{code, "why"}),
              R"({"type":"error","message":"Server error: why","code":")" + text + R"("})");
}

TEST(ToJson, round_trips) {
  const std::string sdp = "v=0\r\n\"\\/\t\x01\x7fü€😀";
  expect_message(to_json(ServerOffer{sdp}), WebrtcOffer{sdp});
  expect_message(to_json(ServerAnswer{sdp}), WebrtcAnswer{sdp});
  expect_message(to_json(ServerCandidate{"c", "audio", 65535}), IceCandidate{"c", "audio", 65535});
  expect_message(to_json(ServerCandidate{"", "0", 0}), IceCandidate{"", "0", 0});
}

TEST(ToJson, replaces_invalid_utf8) {
  const auto error = [](const std::string& words) { return to_json(ErrorMessage{MessageError::failed, words}); };
  EXPECT_EQ(error("a\xff\xc3"), R"({"type":"error","message":"Server error: a��","code":"failed"})");
  EXPECT_EQ(error(std::string("a\0b", 3)), R"({"type":"error","message":"Server error: a�b","code":"failed"})");
  EXPECT_EQ(to_json(StreamEnded{"\xff"}), R"({"type":"stream_ended","stream_id":"�","code":"stopped"})");
}

TEST(ToJson, writes_one_line) {
  EXPECT_THAT(to_json(ErrorMessage{MessageError::failed, "a\nb\rc"}), AllOf(Each(Not('\n')), Each(Not('\r'))));
}

}  // namespace
}  // namespace voicecast
