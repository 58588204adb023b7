// SPDX-License-Identifier: MIT
#include "gst/compat.hpp"

namespace voicecast::compat {

std::optional<int> enum_value(GObjectClass* type, const char* property, const char* nick) {
  const auto* spec = g_object_class_find_property(type, property);
  if (!spec || !G_TYPE_IS_ENUM(spec->value_type)) return std::nullopt;
  auto* values = static_cast<GEnumClass*>(g_type_class_ref(spec->value_type));
  const auto* value = g_enum_get_value_by_nick(values, nick);
  const auto number = value ? std::optional(value->value) : std::nullopt;
  g_type_class_unref(values);
  return number;
}

}  // namespace voicecast::compat
