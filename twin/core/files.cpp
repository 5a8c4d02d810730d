// SPDX-License-Identifier: Apache-2.0

// The order of work for a file: open, read whole, unpack if it begins with the gzip sign (RFC
// 1952), look at the first bytes for an encoding that we do not read. zlib does the unpacking and
// checks length and checksum of each member; a file that is cut short ends before its stream does.

#include "twin/core/files.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <system_error>
#include <type_traits>
#include <utility>

#include "twin/core/text.hpp"

namespace ampacity {
namespace {

[[noreturn]] void fail_file(const std::filesystem::path& path, const std::string& message) {
  throw ConfigurationError(Place{path.string(), 0, 0}, "", message);
}

[[noreturn]] void fail_too_large(const std::filesystem::path& path, std::size_t largest_bytes) {
  fail_file(path, "the file is larger than " + std::to_string(largest_bytes >> 20U) +
                      " MiB (cut it into parts)");
}

std::string read_bytes(const std::filesystem::path& path, std::size_t largest_bytes) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    fail_file(
        path,
        "there is no such file (check the path; one in a site file is relative to that file)");
  }
  if (std::filesystem::is_directory(status))
    fail_file(path, "this is a folder (name a file in it)");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    fail_file(path, std::string("the file cannot be opened: ") + std::strerror(errno) +
                        " (check its permissions)");
  }
  std::string out;
  std::array<char, 1 << 16> block{};
  while (stream.read(block.data(), block.size()), stream.gcount() > 0) {
    out.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    if (out.size() > largest_bytes) fail_too_large(path, largest_bytes);
  }
  if (stream.bad()) fail_file(path, "the file cannot be read to its end (check the disk)");
  return out;
}

// zlib's stream, closed on every way out.
class Inflater {
 public:
  explicit Inflater(std::string& packed) {
    stream_.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    constexpr int gzip_only = 16 + MAX_WBITS;
    const int status = inflateInit2(&stream_, gzip_only);
    AMPACITY_ASSERT(status == Z_OK, "zlib starts");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::string unpack(const std::filesystem::path& path, std::string packed,
                   std::size_t largest_bytes) {
  std::string out;
  std::array<char, 1 << 16> block{};
  Inflater inflater(packed);
  z_stream& stream = inflater.stream();
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    out.append(block.data(), block.size() - stream.avail_out);
    if (out.size() > largest_bytes) fail_too_large(path, largest_bytes);
    if (status == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0)) continue;
    if (status == Z_OK || status == Z_BUF_ERROR) {
      fail_file(path, "the gzip file ends too early, it was cut short (copy it again)");
    }
    if (status != Z_STREAM_END) {
      fail_file(path, std::string("the gzip file is damaged: ") +
                          (stream.msg != nullptr ? stream.msg : "unknown fault") +
                          " (copy it again)");
    }
    // A gzip file may have several members one after the other, and zeros as padding at its end.
    const std::string_view rest(reinterpret_cast<const char*>(stream.next_in), stream.avail_in);
    if (rest.find_first_not_of('\0') == std::string_view::npos) return out;
    if (!is_gzip(rest)) fail_file(path, "the gzip file has other data at its end (copy it again)");
    inflateReset(&stream);
  }
}

// What is wrong with a text as a number, and how far in.
struct NumberProblem {
  std::string message;
  std::size_t at = 0;
};

std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string out;
  for (const char c : text.substr(0, longest)) out += c >= ' ' && c != '\x7f' ? c : '?';
  return out + (text.size() > longest ? "..." : "");
}

template <class Number>
std::optional<NumberProblem> read_number(std::string_view text, Number& out) {
  constexpr bool integral = std::is_integral_v<Number>;
  const std::string what = integral ? " is not an integer" : " is not a number";
  if (text.empty()) return NumberProblem{"a number is missing", 0};
  std::string_view rest = text;
  if (rest.front() == '+' && rest.size() > 1 && rest[1] != '-') rest.remove_prefix(1);
  const std::size_t first = rest.front() == '-' ? 1 : 0;
  const char lead = rest.size() > first ? rest[first] : '\0';
  // from_chars would take "nan" and "inf".
  if (!(lead >= '0' && lead <= '9') && (integral || lead != '.')) {
    return NumberProblem{"'" + shortened(text) + "'" + what, 0};
  }
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
  const auto at = static_cast<std::size_t>(end - text.data());
  if (error == std::errc::result_out_of_range) {
    return NumberProblem{"'" + shortened(text) + "' is out of range", 0};
  }
  if (error != std::errc()) return NumberProblem{"'" + shortened(text) + "'" + what, 0};
  if (at == text.size()) return std::nullopt;
  std::string message = "'" + shortened(text) + "'" + what + ": '" + shortened(text.substr(at, 1)) +
                        "' is not expected";
  if (text[at] == ',') message += " (write a decimal point, not a comma)";
  return NumberProblem{message, at};
}

template <class Number>
Result<Number> parse_number(std::string_view text) {
  Number out{};
  if (const auto problem = read_number(text, out)) return Failure{problem->message};
  return out;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

char separator_of(std::string_view text) {
  // The header is the first line that is neither empty nor a comment.
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && line != "\r" && line.front() != '#') {
      char best = ',';
      for (const char c : {';', '\t'}) {
        if (std::count(line.begin(), line.end(), c) > std::count(line.begin(), line.end(), best)) {
          best = c;
        }
      }
      return best;
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return ',';
}

CsvReader table_reader(std::string text, std::string file) {
  const CsvOptions options{separator_of(text), '#'};
  return {std::move(text), std::move(file), options};
}

}  // namespace

Fingerprint fingerprint(const std::filesystem::path& path) {
  const std::string bytes = read_bytes(path, std::size_t{1} << 30);
  const auto* first = reinterpret_cast<const Bytef*>(bytes.data());
  return {bytes.size(), static_cast<std::uint32_t>(crc32_z(0, first, bytes.size()))};
}

std::string read_text_file(const std::filesystem::path& path, std::size_t largest_bytes) {
  std::string text = read_bytes(path, largest_bytes);
  if (is_gzip(text)) text = unpack(path, std::move(text), largest_bytes);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    fail_file(path, "the file is UTF-16 (save it as UTF-8)");
  }
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  return text;
}

Result<double> parse_double(std::string_view text) { return parse_number<double>(text); }

Result<std::int64_t> parse_integer(std::string_view text) {
  return parse_number<std::int64_t>(text);
}

CsvReader::CsvReader(std::string text, std::string file, CsvOptions options)
    : text_(std::move(text)), file_(std::move(file)), options_(options) {
  if (text_.starts_with("\xef\xbb\xbf")) text_.erase(0, 3);
}

void CsvReader::fail(int line, int column, const std::string& message) const {
  throw ConfigurationError(Place{file_, line, column}, "", message);
}

bool CsvReader::at_line_end() const {
  return peek() == '\n' || (peek() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ||
         (peek() == '\r' && at_ + 1 == text_.size());
}

void CsvReader::take_line_end() {
  if (peek() == '\r') ++at_;
  if (peek() == '\n') ++at_;
  ++line_;
  line_start_ = at_;
}

void CsvReader::skip_blank_lines() {
  while (!at_end()) {
    const std::size_t start = at_;
    while (is_blank(peek()) && peek() != options_.separator) ++at_;
    if (at_end()) return;
    if (options_.comment != '\0' && peek() == options_.comment && at_ == start) {
      while (!at_end() && peek() != '\n') ++at_;
      if (!at_end()) take_line_end();
    } else if (at_line_end()) {
      take_line_end();
    } else {
      at_ = start;
      return;
    }
  }
}

bool CsvReader::next(CsvRow& row) {
  row.fields.clear();
  skip_blank_lines();
  if (at_end()) return false;
  row.line = line_;
  while (true) {
    while (is_blank(peek()) && peek() != options_.separator) ++at_;
    row.fields.push_back(peek() == '"' ? quoted_field() : plain_field());
    if (at_end()) return true;
    if (at_line_end()) {
      take_line_end();
      return true;
    }
    ++at_;  // the separator
  }
}

CsvField CsvReader::plain_field() {
  CsvField out{{}, line_, column()};
  const std::size_t start = at_;
  while (!at_end() && peek() != options_.separator && !at_line_end()) {
    const char c = peek();
    if (c == '"') fail(line_, column(), "a quote stands inside a field (quote the whole field)");
    if (c == '\0' || c == '\r') {
      fail(line_, column(),
           c == '\r' ? "a carriage return stands without a line feed (save the "
                       "file with usual line ends)"
                     : "a zero byte: this is no text (check the file)");
    }
    ++at_;
  }
  std::size_t end = at_;
  while (end > start && is_blank(text_[end - 1])) --end;
  out.text = std::string_view(text_).substr(start, end - start);
  return out;
}

CsvField CsvReader::quoted_field() {
  CsvField out{{}, line_, column()};
  ++at_;
  const std::size_t start = at_;
  std::size_t end = at_;  // doubled quotes shrink, in place
  while (true) {
    if (at_end()) fail(out.line, out.column, "a quote is not closed (add '\"' at the field's end)");
    const char c = peek();
    ++at_;
    if (c == '"') {
      if (peek() != '"' || at_end()) break;
      ++at_;
    }
    if (c == '\0') fail(line_, column() - 1, "a zero byte: this is no text (check the file)");
    if (c == '\n') {
      ++line_;
      line_start_ = at_;
    }
    text_[end++] = c;
  }
  while (is_blank(peek()) && peek() != options_.separator) ++at_;
  if (!at_end() && peek() != options_.separator && !at_line_end()) {
    fail(line_, column(),
         "text follows the closing quote (double a quote that belongs to the "
         "field)");
  }
  out.text = std::string_view(text_).substr(start, end - start);
  return out;
}

CsvTable::CsvTable(std::string text, std::string file)
    : reader_(table_reader(std::move(text), std::move(file))) {
  CsvRow header;
  if (!reader_.next(header)) {
    throw ConfigurationError(Place{this->file(), 0, 0}, "",
                             "the file is empty (its first row names the columns)");
  }
  header_line_ = header.line;
  for (const CsvField& field : header.fields) columns_.emplace_back(field.text);
}

CsvTable::CsvTable(const std::filesystem::path& path)
    : CsvTable(read_text_file(path), path.string()) {}

std::optional<std::size_t> CsvTable::find(std::string_view name) const {
  const auto first = std::find(columns_.begin(), columns_.end(), name);
  if (first == columns_.end()) return std::nullopt;
  if (std::find(first + 1, columns_.end(), name) != columns_.end()) {
    throw ConfigurationError(Place{file(), header_line_, 0}, "",
                             "two columns are named '" + std::string(name) + "' (rename one)");
  }
  return static_cast<std::size_t>(first - columns_.begin());
}

std::size_t CsvTable::require(std::string_view name) const {
  if (const std::optional<std::size_t> found = find(name)) return *found;
  const std::vector<std::string_view> names(columns_.begin(), columns_.end());
  throw ConfigurationError(Place{file(), header_line_, 0}, "",
                           "there is no column '" + std::string(name) + "' " +
                               nearest_hint(name, names, "(add it to the first row)"));
}

bool CsvTable::next(CsvRow& row) {
  if (!reader_.next(row)) return false;
  if (row.fields.size() != columns_.size()) {
    throw ConfigurationError(Place{file(), row.line, 0}, "",
                             "the row has " + std::to_string(row.fields.size()) +
                                 " fields, the first row has " + std::to_string(columns_.size()) +
                                 " (the file may be cut short, or a separator missing)");
  }
  return true;
}

void CsvTable::fail(const CsvRow& row, std::size_t column, const std::string& message) const {
  throw ConfigurationError(reader_.place(row.fields[column]), columns_[column], message);
}

namespace {

template <class Number>
Number field_number(const CsvTable& table, const CsvRow& row, std::size_t column) {
  const CsvField& field = row.fields[column];
  Number out{};
  if (const auto problem = read_number(field.text, out)) {
    throw ConfigurationError(
        Place{table.file(), field.line, field.column + static_cast<int>(problem->at)},
        table.columns()[column], problem->message + " (write a finite decimal number)");
  }
  return out;
}

}  // namespace

double CsvTable::number(const CsvRow& row, std::size_t column) const {
  return field_number<double>(*this, row, column);
}

std::int64_t CsvTable::integer(const CsvRow& row, std::size_t column) const {
  return field_number<std::int64_t>(*this, row, column);
}

}  // namespace ampacity
