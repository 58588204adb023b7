// SPDX-License-Identifier: MIT
#include "access/token.hpp"

#include <jwt.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/json.hpp"

namespace voicecast {
namespace {

using Clock = std::chrono::system_clock;

/// RFC 7518 §3.2: the key has at least the size of the hash.
constexpr std::size_t min_secret_bytes = 32;

/// A token has some hundred bytes; the signature of a longer one is not checked.
constexpr std::size_t max_token_bytes = 4096;

struct FreeJwt {
  void operator()(jwt_t* p) const { jwt_free(p); }
  void operator()(char* p) const { std::free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
};
using Jwt = std::unique_ptr<jwt_t, FreeJwt>;
using PublicKey = std::unique_ptr<EVP_PKEY, FreeJwt>;
using MemoryFile = std::unique_ptr<BIO, FreeJwt>;

Error failed(std::string words) { return {ErrorCode::failed, std::move(words)}; }

bool is_pem(std::string_view key) { return key.starts_with("-----BEGIN "); }

MemoryFile open(const std::string& pem) {
  return MemoryFile(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// The one algorithm that is accepted for a key of this type.
std::optional<jwt_alg_t> algorithm_of(const PublicKey& key) {
  constexpr int p256_bits = 256, min_rsa_bits = 2048;
  if (!key) return std::nullopt;
  const int type = EVP_PKEY_get_base_id(key.get()), bits = EVP_PKEY_get_bits(key.get());
  if (type == EVP_PKEY_EC && bits == p256_bits) return JWT_ALG_ES256;
  if (type == EVP_PKEY_RSA && bits >= min_rsa_bits) return JWT_ALG_RS256;
  return std::nullopt;
}

/// An integer claim, or nothing without it.
std::optional<std::chrono::seconds> seconds_of(jwt_t* jwt, const char* name) {
  errno = 0;
  const long value = jwt_get_grant_int(jwt, name);
  return errno == 0 ? std::optional(std::chrono::seconds(value)) : std::nullopt;
}

bool has(jwt_t* jwt, const char* name) {
  return std::unique_ptr<char, FreeJwt>(jwt_get_grants_json(jwt, name)) != nullptr;
}

/// `"*"`, or a list of ids, as JSON of a token with a valid signature.
Status read_listen(const std::string& json, Grant& grant) {
  const auto parser = GPtr<JsonParser>::adopt(json_parser_new());
  const auto wrapped = "[" + json + "]";  // older parsers require an object or a list at the top
  if (!json_parser_load_from_data(parser.get(), wrapped.data(), static_cast<gssize>(wrapped.size()), nullptr))
    return failed("its \"listen\" is not a list");
  JsonNode* listen = json_array_get_element(json_node_get_array(json_parser_get_root(parser.get())), 0);
  const auto add = [&grant](JsonNode* node) {
    if (json_node_get_value_type(node) != G_TYPE_STRING) return false;
    const std::string id = json_node_get_string(node);
    if (id == "*") grant.may_listen_to_all = true;
    grant.streams.push_back(id);
    return true;
  };
  if (!JSON_NODE_HOLDS_ARRAY(listen))
    return add(listen) ? success() : failed("its \"listen\" is neither \"*\" nor a list of stream ids");
  auto* list = json_node_get_array(listen);
  for (guint i = 0; i < json_array_get_length(list); ++i)
    if (!add(json_array_get_element(list, i))) return failed("its \"listen\" is not a list of stream ids");
  return success();
}

Result<Grant> read_grant(jwt_t* jwt) {
  Grant grant{false, false, false, {}, {}};
  grant.may_publish = jwt_get_grant_bool(jwt, "publish") == 1;
  grant.may_administrate = jwt_get_grant_bool(jwt, "admin") == 1;
  const std::unique_ptr<char, FreeJwt> listen(jwt_get_grants_json(jwt, "listen"));
  if (listen)
    if (const auto read = read_listen(listen.get(), grant); !read) return read.error();
  if (grant.may_listen_to_all) grant.streams.clear();
  return grant;
}

std::string listen_json(const Grant& grant) {
  if (grant.may_listen_to_all) return "{\"listen\": \"*\"}";
  const auto list = GPtr<JsonArray>::adopt(json_array_new());
  for (const auto& id : grant.streams) json_array_add_string_element(list.get(), id.c_str());
  const auto node = GPtr<JsonNode>::adopt(json_node_init_array(json_node_alloc(), list.get()));
  return "{\"listen\": " + std::string(GUnique<char>(json_to_string(node.get(), FALSE)).get()) + "}";
}

}  // namespace

Result<std::string> read_key_file(const std::filesystem::path& path) {
  char* raw_text = nullptr;
  gsize size = 0;
  GError* raw = nullptr;
  if (!g_file_get_contents(path.c_str(), &raw_text, &size, &raw)) return take_error(raw, "cannot read the key");
  const GUnique<char> text(raw_text);
  std::string key(text.get(), size);
  while (!is_pem(key) && (key.ends_with('\n') || key.ends_with('\r'))) key.pop_back();
  return key;
}

Result<TokenVerifier> TokenVerifier::load(const AuthConfig& config) {
  const bool is_secret = !config.secret_file.empty();
  if (is_secret == !config.public_key_file.empty())
    return failed("mode=token needs secret-file or public-key-file, one of them");
  const auto& path = is_secret ? config.secret_file : config.public_key_file;
  auto key = read_key_file(path);
  if (!key) return key.error();
  if (is_secret) {
    if (is_pem(*key)) return failed(path.string() + ": this is a PEM key; set it as public-key-file");
    if (key->size() < min_secret_bytes)
      return failed(path.string() + ": the secret is too short: 32 bytes or more (openssl rand -hex 32)");
    return TokenVerifier(std::move(*key), KeyKind::secret);
  }
  const PublicKey public_key(PEM_read_bio_PUBKEY(open(*key).get(), nullptr, nullptr, nullptr));
  const auto algorithm = algorithm_of(public_key);
  if (!algorithm)
    return failed(path.string() + ": not a public key in PEM for ES256 (P-256) or RS256 (2048 bits or more)");
  return TokenVerifier(std::move(*key), *algorithm == JWT_ALG_ES256 ? KeyKind::elliptic : KeyKind::rsa);
}

Result<Grant> TokenVerifier::verify(const std::string& token, Clock::time_point now) const {
  if (token.size() > max_token_bytes) return failed("the token is too long");
  jwt_t* raw = nullptr;
  const auto* key = reinterpret_cast<const unsigned char*>(key_.data());
  const int status = jwt_decode(&raw, token.c_str(), key, static_cast<int>(key_.size()));
  const Jwt jwt(raw);
  // The algorithm in the header must be the key's; otherwise a public key would serve as the secret of HS256.
  constexpr std::array algorithms = {JWT_ALG_HS256, JWT_ALG_ES256, JWT_ALG_RS256};
  if (status != 0 || !jwt || jwt_get_alg(jwt.get()) != algorithms[static_cast<std::size_t>(kind_)])
    return failed("the token is not valid");
  auto grant = read_grant(jwt.get());
  if (!grant) return failed("the token is not valid: " + grant.error().message);
  for (const char* name : {"exp", "nbf"})
    if (has(jwt.get(), name) && !seconds_of(jwt.get(), name))
      return failed(std::string("the token is not valid: its \"") + name + "\" is not a number");
  const auto seconds_now = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  if (const auto begin = seconds_of(jwt.get(), "nbf"); begin && *begin > seconds_now)
    return failed("the token is not valid yet");
  if (const auto end = seconds_of(jwt.get(), "exp")) {
    if (*end <= seconds_now) return failed("the token has expired");
    constexpr std::chrono::hours century{24 * 36525};  // later times would overflow the clock
    grant->expires = Clock::time_point(std::min<std::chrono::seconds>(*end, seconds_now + century));
  }
  return grant;
}

Result<std::string> make_token(const Grant& grant, const std::string& key) {
  auto algorithm = std::optional(JWT_ALG_HS256);
  if (is_pem(key))
    algorithm = algorithm_of(PublicKey(PEM_read_bio_PrivateKey(open(key).get(), nullptr, nullptr, nullptr)));
  else if (key.size() < min_secret_bytes)
    return failed("the secret is too short: 32 bytes or more (openssl rand -hex 32)");
  if (!algorithm) return failed("not a private key in PEM for ES256 (P-256) or RS256 (2048 bits or more)");
  jwt_t* raw = nullptr;
  if (jwt_new(&raw) != 0) return failed("cannot make a token");
  const Jwt jwt(raw);
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
  const auto seconds = [](Clock::time_point t) {
    return static_cast<long>(std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count());
  };
  jwt_set_alg(jwt.get(), *algorithm, bytes, static_cast<int>(key.size()));
  jwt_add_grant_int(jwt.get(), "iat", seconds(Clock::now()));
  if (grant.expires) jwt_add_grant_int(jwt.get(), "exp", seconds(*grant.expires));
  if (grant.may_publish) jwt_add_grant_bool(jwt.get(), "publish", 1);
  if (grant.may_administrate) jwt_add_grant_bool(jwt.get(), "admin", 1);
  if (grant.may_listen()) jwt_add_grants_json(jwt.get(), listen_json(grant).c_str());
  const std::unique_ptr<char, FreeJwt> text(jwt_encode_str(jwt.get()));
  if (!text) return failed("cannot sign the token");
  return std::string(text.get());
}

}  // namespace voicecast
