// SPDX-License-Identifier: MIT

// Datagrams that no peer sends, or that anybody may send in its place.
#include <gtest/gtest.h>
#include <malloc.h>

#include "dtls/dtls_record.hpp"
#include "dtls_harness.hpp"

namespace voicecast {
namespace {

/// All datagrams of one handshake, of both sides.
struct Recorded {
  Recorded() {
    active.session->start();
    while (!active.sent.empty() || !passive.sent.empty()) {
      for (const auto& datagram : std::exchange(active.sent, {})) {
        all.push_back(datagram);
        passive.session->take(datagram);
      }
      for (const auto& datagram : std::exchange(passive.sent, {})) {
        all.push_back(datagram);
        active.session->take(datagram);
      }
    }
    EXPECT_TRUE(active.is_connected() && passive.is_connected());
  }
  DtlsEnd active{DtlsRole::active}, passive{DtlsRole::passive};
  std::vector<Datagram> all;
};

/// The datagram in many bad forms: empty, cut anywhere, longer, with each byte changed, twice in one.
std::vector<Datagram> bad_forms(const Datagram& datagram) {
  std::vector<Datagram> forms;
  for (std::size_t size = 0; size < datagram.size(); ++size)
    forms.emplace_back(datagram.begin(), datagram.begin() + static_cast<std::ptrdiff_t>(size));
  for (std::size_t at = 0; at < datagram.size(); ++at) {
    forms.push_back(datagram);
    forms.back()[at] = static_cast<std::uint8_t>(forms.back()[at] ^ 0x81);
  }
  forms.push_back(datagram);
  forms.back().push_back(0);
  forms.push_back(datagram);
  forms.back().insert(forms.back().end(), datagram.begin(), datagram.end());
  return forms;
}

std::vector<Datagram> random_datagrams(unsigned count) {
  std::mt19937 random(1);
  std::vector<Datagram> datagrams;
  for (unsigned i = 0; i < count; ++i) {
    Datagram datagram(random() % 200);
    for (auto& byte : datagram) byte = static_cast<std::uint8_t>(random());
    if (datagram.size() > 13 && i % 2 == 0) {  // a record, as far as its header
      datagram[0] = static_cast<std::uint8_t>(20 + random() % 5);
      datagram[1] = 0xFE;
      datagram[2] = 0xFD;
      datagram[3] = 0;
      datagram[4] = static_cast<std::uint8_t>(random() % 3);
      datagram[11] = 0;
      datagram[12] = static_cast<std::uint8_t>(datagram.size() - 13);
    }
    datagrams.push_back(std::move(datagram));
  }
  return datagrams;
}

TEST(DtlsNonsense, EndsNoEstablishedSession) {
  Recorded recorded;
  for (auto* end : {&recorded.active, &recorded.passive}) {
    for (const auto& datagram : recorded.all)
      for (const auto& form : bad_forms(datagram)) end->session->take(form);
    for (const auto& datagram : random_datagrams(10000)) end->session->take(datagram);
    for (unsigned i = 0; i < 100; ++i)
      for (const auto& datagram : recorded.all) end->session->take(datagram);
    ASSERT_TRUE(end->is_connected()) << end->reason->message;
  }
  // The peer's Finished is in the replays. Nothing else has an answer.
  EXPECT_TRUE(recorded.active.sent.empty());
  EXPECT_EQ(recorded.passive.sent.size(), 16U);
  for (const auto& datagram : std::exchange(recorded.passive.sent, {})) EXPECT_LT(datagram.size(), 100U);
}

TEST(DtlsNonsense, ForgesNoAlert) {
  for (const bool is_active : {true, false}) {
    DtlsPair pair;
    auto& closing = is_active ? pair.active : pair.passive;
    auto& told = is_active ? pair.passive : pair.active;
    closing.session->close();
    const auto close_notify = closing.sent.front();
    for (std::size_t size = 0; size < close_notify.size(); ++size) told.session->take(Bytes(close_notify).first(size));
    for (std::size_t at = 0; at < close_notify.size(); ++at)
      for (const unsigned change : {1, 0x80, 0xFF}) {
        auto forged = close_notify;
        forged[at] = static_cast<std::uint8_t>(forged[at] ^ change);
        told.session->take(forged);
      }
    ASSERT_TRUE(told.is_connected()) << told.reason->message;
    told.session->take(close_notify);
    ASSERT_TRUE(told.reason);
    EXPECT_EQ(told.reason->code, ErrorCode::closed);
  }
}

TEST(DtlsNonsense, OfOtherSessionsEndsNoEstablishedSession) {
  Recorded one, other;
  other.active.session->close();
  other.passive.session->close();
  for (const auto* end : {&other.active, &other.passive})
    for (const auto& datagram : end->sent) {
      one.active.session->take(datagram);
      one.passive.session->take(datagram);
    }
  EXPECT_TRUE(one.active.is_connected() && one.passive.is_connected());
}

TEST(DtlsNonsense, ThatIsNoRecordDelaysNoHandshake) {
  const Recorded recorded;
  DtlsEnd active(DtlsRole::active), passive(DtlsRole::passive);
  const auto confuse = [&recorded](DtlsEnd& end) {
    for (const auto& datagram : recorded.all)
      for (const auto& form : bad_forms(datagram))
        if (!count_encrypted_records(form)) end.session->take(form);  // whole records may end a handshake
    for (const auto& datagram : random_datagrams(2000))
      if (!count_encrypted_records(datagram)) end.session->take(datagram);
  };
  active.session->start();
  while (!active.sent.empty() || !passive.sent.empty()) {
    confuse(active);
    confuse(passive);
    for (const auto& datagram : std::exchange(active.sent, {})) passive.session->take(datagram);
    for (const auto& datagram : std::exchange(passive.sent, {})) active.session->take(datagram);
  }
  EXPECT_TRUE(active.is_connected() && passive.is_connected());
}

/// Each datagram of a handshake in each bad form, at the moment at which it is due.
TEST(DtlsNonsense, MayEndAHandshakeOnlyByAnEvent) {
  const Recorded recorded;
  for (std::size_t due = 0; due < recorded.all.size(); ++due)
    for (const auto role : {DtlsRole::active, DtlsRole::passive}) {
      const auto forms = bad_forms(recorded.all[due]);
      for (std::size_t at = 0; at < forms.size(); at += 7) {
        DtlsEnd end(role);
        end.session->start();
        for (std::size_t before = 0; before < due; ++before) end.session->take(recorded.all[before]);
        end.session->take(forms[at]);
        end.session->take(forms[at]);
        EXPECT_FALSE(end.is_connected());
        end.session->close();
      }
    }
}

std::size_t bytes_in_use() { return mallinfo2().uordblks + mallinfo2().hblkhd; }

TEST(DtlsNonsense, OfAnUnfinishedHandshakeCostsBoundedMemory) {
  const Recorded recorded;
  DtlsEnd passive(DtlsRole::passive);
  const auto before = bytes_in_use();
  passive.session->take(recorded.all[0]);
  for (unsigned i = 0; i < 2000; ++i) {
    Datagram early = {22, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i),
                      0,  40};  // of the next epoch: libssl keeps it
    early.resize(early.size() + 40, 7);
    passive.session->take(early);
    Datagram fragment = {22,
                         0xFE,
                         0xFD,
                         0,
                         0,
                         0,
                         0,
                         0,
                         1,
                         static_cast<std::uint8_t>(i >> 8),
                         static_cast<std::uint8_t>(i),
                         0,
                         13,  // a byte of a future message of 16 kB
                         11,
                         0,
                         0x40,
                         0,
                         0,
                         static_cast<std::uint8_t>(2 + i % 8),
                         0,
                         static_cast<std::uint8_t>(i >> 6),
                         static_cast<std::uint8_t>(i << 2),
                         0,
                         0,
                         1,
                         9};
    passive.session->take(fragment);
  }
  EXPECT_LT(bytes_in_use() - before, 700'000U);
}

TEST(DtlsSession, HasLittleMemoryOnceConnected) {
  constexpr std::size_t count = 20;
  std::deque<DtlsPair> warm(1), pairs;
  const auto before = bytes_in_use();
  for (std::size_t i = 0; i < count; ++i) pairs.emplace_back();
  const auto each = (bytes_in_use() - before) / (2 * count);
  RecordProperty("bytes", static_cast<int>(each));
  EXPECT_LT(each, 2000U);  // with the tests' own objects
}

TEST(DtlsRecord, IsWholeOrNothing) {
  const Datagram record = {22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 7, 8};
  EXPECT_EQ(count_encrypted_records(record), 0U);
  EXPECT_EQ(count_encrypted_records({}), std::nullopt);
  for (std::size_t size = 1; size < record.size(); ++size)
    EXPECT_EQ(count_encrypted_records(Bytes(record).first(size)), std::nullopt) << size;
  auto two = record;
  two.insert(two.end(), record.begin(), record.end());
  two[4] = 1;
  EXPECT_EQ(count_encrypted_records(two), 1U);
  two.push_back(22);
  EXPECT_EQ(count_encrypted_records(two), std::nullopt);
  for (const auto& [at, byte] : {std::pair{0, 19}, {0, 24}, {1, 3}, {2, 0xFC}, {11, 0xFF}, {12, 3}}) {
    auto bad = record;
    bad[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(byte);
    EXPECT_EQ(count_encrypted_records(bad), std::nullopt) << at;
  }
  Bytes rest = record;
  const auto read = next_record(rest);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->type, DtlsRecord::handshake);
  EXPECT_EQ(read->fragment.size(), 2U);
  EXPECT_TRUE(rest.empty());
}

}  // namespace
}  // namespace voicecast
