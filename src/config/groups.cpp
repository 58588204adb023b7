// SPDX-License-Identifier: MIT
#include "config/groups.hpp"

#include <algorithm>

#include "config/auth_group.hpp"
#include "config/limits_group.hpp"
#include "config/options.hpp"
#include "config/publish_group.hpp"

namespace voicecast {
namespace {

Error error_at(const std::string& where, const std::string& what) { return {ErrorCode::failed, where + ": " + what}; }

std::string header_of(const Group& group) { return "[" + std::string(group.name) + (group.begin ? ".NAME]" : "]"); }

/// A parsed group header: `publish.attic` has the kind `publish` and the name `attic`.
struct Header {
  std::string kind, name;
  bool has_name = false;
};

Header take_apart(const std::string& header) {
  const auto dot = header.find('.');
  if (dot == std::string::npos) return {header, {}};
  return {header.substr(0, dot), header.substr(dot + 1), true};
}

std::string list_of(std::span<const Group> groups) {
  std::string all = "[" + std::string(options_group) + "]";
  for (const Group& group : groups) all += ", " + header_of(group);
  return all;
}

Status check_name(const Group& group, const Header& header) {
  if (group.begin && header.name.empty()) return Error{ErrorCode::failed, "needs a name: " + header_of(group)};
  if (!group.begin && header.has_name) return Error{ErrorCode::failed, "takes no name: " + header_of(group)};
  return success();
}

Status read_key(const KeyFile& file, const std::string& header, const GroupKey& key, Config& config) {
  const std::string name(key.name);
  const auto values = file.values(header, name, key.is_list);
  if (!values) return values.error();
  for (const std::string& value : *values) {
    if (key.is_list && value.empty()) continue;
    if (const auto set = key.set(config, value); !set) return error_at(file.where(header, name), set.error().message);
  }
  return success();
}

Status read_keys(const KeyFile& file, const std::string& header, const Group& group, Config& config) {
  for (const std::string& name : file.keys(header)) {
    const auto key = std::ranges::find(group.keys, name, &GroupKey::name);
    if (key == group.keys.end()) return error_at(file.where(header, in_quotes(name)), "unknown key");
    if (auto read = read_key(file, header, *key, config); !read) return read;
  }
  return success();
}

Status read_group(const KeyFile& file, const std::string& header, const Group& group, Config& config) {
  const auto where = file.path() + ": [" + header + "]";
  const auto parts = take_apart(header);
  if (const auto checked = check_name(group, parts); !checked) return error_at(where, checked.error().message);
  if (group.begin) {
    if (const auto begun = group.begin(config, parts.name); !begun) return error_at(where, begun.error().message);
  }
  if (auto read = read_keys(file, header, group, config); !read) return read;
  if (!group.finish) return success();
  if (const auto finished = group.finish(config); !finished) return error_at(where, finished.error().message);
  return success();
}

}  // namespace

std::span<const Group> all_groups() {
  static const Group all[] = {auth_group(), limits_group(), publish_group};
  return all;
}

Status read_groups(const KeyFile& file, Config& config, std::span<const Group> groups) {
  for (const std::string& header : file.groups()) {
    if (header == options_group) continue;
    const auto group = std::ranges::find(groups, take_apart(header).kind, &Group::name);
    if (group == groups.end())
      return error_at(file.path() + ": group " + in_quotes(header), "unknown group; the groups are " + list_of(groups));
    if (auto read = read_group(file, header, *group, config); !read) return read;
  }
  return success();
}

}  // namespace voicecast
