// SPDX-License-Identifier: MIT
#include "access/local_addresses.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

using Texts = std::vector<std::string>;

TEST(UsefulOrder, HasTheDefaultRouteFirstAndTunnelsLast) {
  const std::vector<InterfaceAddress> all = {
      {"lo", "127.0.0.1"},
      {"docker0", "172.17.0.1"},
      {"br-0a1b2c3d4e5f", "172.18.0.1"},
      {"wg0", "10.8.0.2"},
      {"home-office", "10.9.0.2", true},
      {"eth1", "fd00::9"},
      {"eth1", "192.168.9.9"},
      {"eth0", "fd00::5"},
      {"eth0", "192.168.1.5"},
  };
  EXPECT_EQ(in_useful_order(all, {"eth0", ""}), (Texts{"192.168.1.5", "fd00::5", "192.168.9.9", "fd00::9", "172.17.0.1",
                                                       "172.18.0.1", "10.8.0.2", "10.9.0.2", "127.0.0.1"}));
}

/// A dialled connection, or a bridge that is a router's network.
TEST(UsefulOrder, TakesADefaultRouteOverAnyInterface) {
  const std::vector<InterfaceAddress> all = {
      {"br-lan", "192.168.1.1"}, {"br-0a1b2c3d4e5f", "172.18.0.1"}, {"ppp0", "203.0.113.7", true}};
  EXPECT_EQ(in_useful_order(all, {"ppp0"}), (Texts{"203.0.113.7", "192.168.1.1", "172.18.0.1"}));
  EXPECT_EQ(in_useful_order(all, {}), (Texts{"192.168.1.1", "172.18.0.1", "203.0.113.7"}));
}

TEST(UsefulOrder, NamesAnAddressOnce) {
  EXPECT_EQ(in_useful_order({{"eth1", "10.0.0.1"}, {"eth0", "10.0.0.1"}}, {"eth0"}), Texts{"10.0.0.1"});
  EXPECT_EQ(in_useful_order({}, {"eth0"}), Texts{});
}

TEST(DefaultInterface, HasLowestMetric) {
  EXPECT_EQ(default_interface_v4("Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
                                 "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
                                 "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                                 "tun0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n"
                                 "eth1\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"),
            "eth0");
  const std::string zeros(32, '0');
  const auto row = [&](const std::string& prefix, const std::string& metric, const std::string& interface) {
    return zeros + ' ' + prefix + ' ' + zeros + " 00 " + zeros + ' ' + metric + " 00000001 00000000 00000003 " +
           interface + '\n';
  };
  EXPECT_EQ(default_interface_v6(row("00", "00000400", "wlan0") + row("00", "00000064", "eth0") +
                                 row("01", "00000001", "tun0") + row("00", "00000001", "lo")),
            "eth0");
}

TEST(DefaultInterface, MayBeNone) {
  for (const auto* table : {"", "\n", "x", "eth0\t00000000\n", "eth0 00000000 x x x x none 00000000\n"}) {
    EXPECT_EQ(default_interface_v4(table), "") << table;
    EXPECT_EQ(default_interface_v6(table), "") << table;
  }
}

TEST(LocalAddresses, AreOfThisMachine) {
  for (const auto& address : local_addresses()) EXPECT_FALSE(address.starts_with("fe80:")) << address;
}

}  // namespace
}  // namespace voicecast
