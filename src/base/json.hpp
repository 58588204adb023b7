// SPDX-License-Identifier: MIT
#pragma once

#include <json-glib/json-glib.h>

#include "base/ptr.hpp"

namespace voicecast {

template <>
struct Refs<JsonParser> : ObjectRefs {};
template <>
struct Refs<JsonNode> : RefsBy<JsonNode, json_node_ref, json_node_unref> {};
template <>
struct Refs<JsonObject> : RefsBy<JsonObject, json_object_ref, json_object_unref> {};
template <>
struct Refs<JsonArray> : RefsBy<JsonArray, json_array_ref, json_array_unref> {};

}  // namespace voicecast
