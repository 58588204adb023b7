// SPDX-License-Identifier: MIT
#include "http/accept.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

constexpr const char* chromium_page =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7";
constexpr const char* firefox_page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
constexpr const char* firefox_audio =
    "audio/webm,audio/ogg,audio/wav,audio/*;q=0.9,application/ogg;q=0.7,video/*;q=0.6,*/*;q=0.5";
constexpr const char* java = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";
constexpr const char* mpg123 =
    "audio/mpeg, audio/x-mpeg, audio/mp3, application/octet-stream, application/pls+xml, */*";
constexpr const char* rfc_example =
    "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5";

struct QualityCase {
  const char* accept;
  const char* media_type;
  double quality;
};

class QualityOf : public testing::TestWithParam<QualityCase> {};

TEST_P(QualityOf, Is) {
  const auto& c = GetParam();
  EXPECT_DOUBLE_EQ(quality_of(c.accept, c.media_type), c.quality) << c.accept << " for " << c.media_type;
}

// The table of RFC 9110 §12.5.1.
INSTANTIATE_TEST_SUITE_P(RfcExample, QualityOf,
                         testing::Values(QualityCase{rfc_example, "text/plain;format=flowed", 1},
                                         QualityCase{rfc_example, "text/plain", 0.7},
                                         QualityCase{rfc_example, "text/html", 0.3},
                                         QualityCase{rfc_example, "image/jpeg", 0.5},
                                         QualityCase{rfc_example, "text/plain;format=fixed", 0.4},
                                         QualityCase{rfc_example, "text/html;level=3", 0.3}));

INSTANTIATE_TEST_SUITE_P(Absent, QualityOf,
                         testing::Values(QualityCase{"", "text/html", 1}, QualityCase{" \t", "text/html", 1}));

INSTANTIATE_TEST_SUITE_P(
    Matching, QualityOf,
    testing::Values(QualityCase{"text/html", "text/html", 1}, QualityCase{"TEXT/Html", "text/hTML", 1},
                    QualityCase{"text/html", "text/plain", 0}, QualityCase{"text/html", "image/html", 0},
                    QualityCase{"text/*", "text/plain", 1}, QualityCase{"text/*", "image/png", 0},
                    QualityCase{"*/*;q=0.1", "image/png", 0.1}, QualityCase{"*/*, text/plain;q=0", "text/plain", 0},
                    QualityCase{"*/*, text/*;q=0.2", "text/plain", 0.2},
                    QualityCase{"text/*;q=0.2, */*", "text/plain", 0.2},
                    QualityCase{"text/plain;q=0.2, text/plain;q=0.6, text/plain;q=0.4", "text/plain", 0.6},
                    QualityCase{"text/plain;version=0.0.4", "text/plain", 0},
                    QualityCase{"text/plain;version=0.0.4;q=0.5", "text/plain; version=0.0.4; charset=utf-8", 0.5},
                    QualityCase{"text/plain;version=1.0.0", "text/plain; version=0.0.4", 0},
                    QualityCase{"text/plain;a=1;b=2;q=0.1, text/plain;a=1", "text/plain;b=2;a=1", 0.1},
                    QualityCase{"text/plain; Charset=\"UTF-8\"", "text/plain;charset=utf-8", 1},
                    QualityCase{"*/*;version=2, text/plain;q=0.5", "text/plain;version=2", 0.5}));

INSTANTIATE_TEST_SUITE_P(Weight, QualityOf,
                         testing::Values(QualityCase{"a/b;q=1", "a/b", 1}, QualityCase{"a/b;q=1.000", "a/b", 1},
                                         QualityCase{"a/b;q=0", "a/b", 0}, QualityCase{"a/b;q=0.001", "a/b", 0.001},
                                         QualityCase{"a/b ; Q=0.25 ", "a/b", 0.25},
                                         QualityCase{"a/b;q=\"0.5\"", "a/b", 0.5},
                                         QualityCase{"a/b;q=0.5;c=d", "a/b;c=d", 0.5},
                                         QualityCase{"a/b;q=0.5;c=d", "a/b", 0}, QualityCase{"a/b;q=.2", "a/b", 0.2},
                                         QualityCase{"a/b;q=1.", "a/b", 1}, QualityCase{"a/b;q=0.123999", "a/b", 0.123},
                                         QualityCase{"a/b;q=1.5", "a/b", 1},
                                         QualityCase{"a/b;q=99999999999999999999", "a/b", 1},
                                         QualityCase{"a/b;q=0.00000000000000000009", "a/b", 0}));

INSTANTIATE_TEST_SUITE_P(
    Garbage, QualityOf,
    testing::Values(QualityCase{",, ,text/html,,", "text/html", 1}, QualityCase{"text/html;;;", "text/html", 1},
                    QualityCase{"text/html;level", "text/html", 1}, QualityCase{"text/html;=1", "text/html", 1},
                    QualityCase{"html, text/html;q=0.4", "text/html", 0.4}, QualityCase{"/", "text/html", 0},
                    QualityCase{"text/", "text/html", 0}, QualityCase{"/html", "text/html", 0},
                    QualityCase{"*/html", "text/html", 0}, QualityCase{"text/html/x", "text/html", 0},
                    QualityCase{"te xt/html", "text/html", 0}, QualityCase{"a/b;q=", "a/b", 0},
                    QualityCase{"a/b;q=x", "a/b", 0}, QualityCase{"a/b;q=-1", "a/b", 0},
                    QualityCase{"a/b;q=0.5.5", "a/b", 0}, QualityCase{"a/b;q=.", "a/b", 0},
                    QualityCase{"a/b;q=nan", "a/b", 0}, QualityCase{"a/b;q=1e3", "a/b", 0},
                    QualityCase{"a/b;q=x, */*;q=0.3", "a/b", 0.3},  // as if the element were not there
                    QualityCase{"a/b;q=, */*;q=0.3", "a/b", 0.3}, QualityCase{"a/b;q=., */*;q=0.3", "a/b", 0.3},
                    QualityCase{"a/b;c=\"x,y;q=0.1\";q=0.7", "a/b;c=\"x,y;q=0.1\"", 0.7},
                    QualityCase{"a/b;c=\"x\\\",y\", d/e;q=0.2", "d/e", 0.2},
                    QualityCase{"a/b;c=\"never closed, d/e", "d/e", 0}, QualityCase{"a/b;c=\"\\", "a/b", 0},
                    QualityCase{"\xff\x01/\x80, a/b", "a/b", 1}, QualityCase{"*/*", "no media type", 0}));

INSTANTIATE_TEST_SUITE_P(Clients, QualityOf,
                         testing::Values(QualityCase{"*/*", "application/json", 1},
                                         QualityCase{firefox_page, "text/plain", 0.8},
                                         QualityCase{chromium_page, "application/xml", 0.9},
                                         QualityCase{java, "audio/mpeg", 0.2}, QualityCase{java, "text/html", 1},
                                         QualityCase{firefox_audio, "audio/mpeg", 0.9}));

struct PageCase {
  const char* who;
  RequestHints hints;
  bool shows_html;
};

class ShowsHtml : public testing::TestWithParam<PageCase> {};

TEST_P(ShowsHtml, Is) { EXPECT_EQ(shows_html(GetParam().hints), GetParam().shows_html) << GetParam().who; }

INSTANTIATE_TEST_SUITE_P(Clients, ShowsHtml,
                         testing::Values(PageCase{"no Accept: ESPHome, Android", {false, false, ""}, false},
                                         PageCase{"a blank Accept", {false, false, " \t"}, false},
                                         PageCase{"curl", {false, false, "*/*"}, true},
                                         PageCase{"a page in Chromium", {false, false, chromium_page}, true},
                                         PageCase{"a page in Firefox", {false, false, firefox_page}, true},
                                         PageCase{"Java", {false, false, java}, true},
                                         PageCase{"<audio> in Chromium", {false, true, "*/*"}, false},
                                         PageCase{"<audio> in Firefox", {false, true, firefox_audio}, false},
                                         PageCase{"Firefox's Accept alone", {false, false, firefox_audio}, false},
                                         PageCase{"mpg123", {true, false, mpg123}, false},
                                         PageCase{"mpg123's Accept alone", {false, false, mpg123}, false},
                                         PageCase{"ffmpeg", {true, true, "*/*"}, false},
                                         PageCase{"ICY alone", {true, false, ""}, false},
                                         PageCase{"ICY of a browser", {true, false, firefox_page}, false},
                                         PageCase{"a range alone", {false, true, ""}, false}));

INSTANTIATE_TEST_SUITE_P(
    Accept, ShowsHtml,
    testing::Values(PageCase{"any audio", {false, false, "audio/*"}, false},
                    PageCase{"Ogg", {false, false, "application/ogg, */*;q=0.1"}, false},
                    PageCase{"other applications", {false, false, "application/octet-stream"}, false},
                    PageCase{"other applications first", {false, false, "application/octet-stream, */*"}, false},
                    PageCase{"video only", {false, false, "video/mp4"}, false},
                    PageCase{"anything, weighted", {false, false, "*/*;q=0.8"}, true},
                    PageCase{"anything, twice", {false, false, "*/*, *;q=0.1"}, true},
                    PageCase{"nothing", {false, false, "*/*;q=0"}, false},
                    PageCase{"any text", {false, false, "text/*"}, true},
                    PageCase{"other text", {false, false, "text/plain"}, false},
                    PageCase{"audio and HTML", {false, false, "audio/mpeg, text/html;q=0.1"}, true},
                    PageCase{"audio and XHTML", {false, false, "application/xhtml+xml, audio/*"}, true},
                    PageCase{"no HTML", {false, false, "audio/mpeg, text/html;q=0"}, false},
                    PageCase{"no audio", {false, false, "audio/mpeg;q=0, */*"}, true},
                    PageCase{"garbage", {false, false, "audio, mpeg;;/"}, false},
                    PageCase{"garbage beside anything", {false, false, ",,;/, */*"}, true}));

}  // namespace
}  // namespace voicecast
