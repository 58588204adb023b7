// SPDX-License-Identifier: MIT
#include "http/json_document.hpp"

namespace voicecast {

Object new_object() { return Object::adopt(json_object_new()); }

void set(const Object& object, const char* name, const std::string& value) {
  json_object_set_string_member(object.get(), name, value.c_str());
}

void set_or_null(const Object& object, const char* name, const std::string& value) {
  if (!value.empty()) return set(object, name, value);
  json_object_set_null_member(object.get(), name);
}

void set_flag(const Object& object, const char* name, bool value) {
  json_object_set_boolean_member(object.get(), name, value);
}

void set_number(const Object& object, const char* name, std::uint64_t value) {
  json_object_set_int_member(object.get(), name, static_cast<gint64>(value));
}

Document to_document(unsigned status, const Object& object) {
  const auto root = GPtr<JsonNode>::adopt(json_node_init_object(json_node_alloc(), object.get()));
  const GUnique<char> text(json_to_string(root.get(), FALSE));
  return {status, json_type, text.get()};
}

}  // namespace voicecast
