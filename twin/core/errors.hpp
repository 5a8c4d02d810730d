// SPDX-License-Identifier: Apache-2.0
#pragma once

// Errors, of three kinds and no more.
//
//   assertion      our own mistake: AMPACITY_ASSERT(condition, "what must hold"). Always compiled
//   in; it stops the
//                  program with place and text, because a twin that goes on with a broken invariant
//                  misleads its operator.
//   expected       something that happens on a good day: a link that is down, a sample that is out
//   of range. The function
//                  returns Result<T>, and the caller cannot get at the value without having looked.
//   configuration  the input is wrong and the user must mend it: ConfigurationError, an exception
//   that carries every
//                  finding of the file with place and remedy. The command line turns it into exit
//                  code 2.
//
// A finding reads `file:line:column: key.path: what is wrong (what to do about it)`: an editor can
// jump to it.

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ampacity {

// Where a value came from. Line and column count from 1; 0 means 'not known' and is left out of the
// text.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

// One thing that is wrong with the input.
struct Finding {
  Place place;
  std::string path;     // key path in the file ("battery.main.capacity"); may be empty
  std::string message;  // what is wrong, and the remedy in brackets

  // `file:line:column: key.path: message`
  std::string text() const {
    std::string out = place.file;
    if (place.line > 0) out += ":" + std::to_string(place.line);
    if (place.line > 0 && place.column > 0) out += ":" + std::to_string(place.column);
    if (!out.empty()) out += ": ";
    if (!path.empty()) out += path + ": ";
    return out + message;
  }
};

// Bad configuration or input: one or more findings, in the order of the file.
class ConfigurationError : public std::runtime_error {
 public:
  explicit ConfigurationError(std::vector<Finding> findings)
      : std::runtime_error(join(findings)), findings_(std::move(findings)) {}
  ConfigurationError(Place place, std::string path, std::string message)
      : ConfigurationError(
            std::vector<Finding>{{std::move(place), std::move(path), std::move(message)}}) {}

  const std::vector<Finding>& findings() const { return findings_; }

 private:
  static std::string join(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& finding : findings) {
      if (!out.empty()) out += '\n';
      out += finding.text();
    }
    return out;
  }
  std::vector<Finding> findings_;
};

// Why an expected operation gave no value.
struct Failure {
  std::string message;
};

// A value, or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}            // NOLINT(google-explicit-constructor)
  Result(Failure failure) : content_(std::move(failure)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return std::holds_alternative<T>(content_); }
  const T& value() const { return std::get<T>(content_); }
  T& value() { return std::get<T>(content_); }
  const std::string& error() const { return std::get<Failure>(content_).message; }

 private:
  std::variant<T, Failure> content_;
};

[[noreturn]] inline void assertion_failed(const char* condition, const char* text, const char* file,
                                          int line) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s (%s)\n", file, line, text, condition);
  std::abort();
}

}  // namespace ampacity

// For what only our own mistake can break; never reachable from user input.
#define AMPACITY_ASSERT(condition, text) \
  ((condition) ? void(0) : ::ampacity::assertion_failed(#condition, text, __FILE__, __LINE__))
