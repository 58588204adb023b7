// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "http/document.hpp"

namespace voicecast {

inline constexpr const char* json_type = "application/json; charset=utf-8";

using Object = GPtr<JsonObject>;

/// Build JSON objects; all functions are pure.
Object new_object();
void set(const Object& object, const char* name, const std::string& value);
/// Empty: null.
void set_or_null(const Object& object, const char* name, const std::string& value);
void set_flag(const Object& object, const char* name, bool value);
/// json-glib has signed integers only; a byte counter overflows after 292 years at 1 GB/s.
void set_number(const Object& object, const char* name, std::uint64_t value);
/// The object as a JSON document with this HTTP status.
Document to_document(unsigned status, const Object& object);

}  // namespace voicecast
