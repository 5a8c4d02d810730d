// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading text files and tables, for all readers of inputs.
//
// Measured days, prices, weather and job logs come as text from many hands: with Windows line ends,
// with a byte-order mark, gzipped, cut short by a full disk, with a column renamed, with "nan"
// where a meter was off. A reader that guesses turns each of these into a plausible wrong answer
// hours later. So nothing is guessed here: what is not understood is a ConfigurationError with
// file, line and column and a remedy.
//
// CSV is RFC 4180 (2005): fields between separators, quotes around fields that hold separators,
// quotes or line ends, a quote in quotes doubled. Beyond it: blanks around unquoted fields are
// dropped, empty lines are skipped, and so are lines that begin with the comment sign.
//
// Lines and columns count from 1; columns count bytes, as compilers do. A file is read whole: the
// largest inputs are some tens of megabytes, and errors can then point anywhere.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/errors.hpp"

namespace ampacity {

// The bytes of a file, unpacked if it is gzip (told by its first two bytes, not by its name), and
// without a UTF-8 byte-order mark. Throws ConfigurationError where the file is missing, unreadable,
// damaged or cut short, UTF-16, or larger than `largest_bytes` once unpacked.
std::string read_text_file(const std::filesystem::path& path,
                           std::size_t largest_bytes = std::size_t{1} << 30);

// What identifies the bytes of a file as they lie on the disk.
struct Fingerprint {
  std::uintmax_t bytes = 0;
  std::uint32_t crc32 = 0;  // of RFC 1952
};
Fingerprint fingerprint(const std::filesystem::path& path);

// A whole text as one finite decimal number: "12", "-0.5", "+1e-3". Refuses an empty text, nan,
// inf, hexadecimal, out of range, blanks, anything after the number.
Result<double> parse_double(std::string_view text);
Result<std::int64_t> parse_integer(std::string_view text);

struct CsvField {
  std::string_view text;  // lives as long as the reader is neither moved nor destroyed
  int line = 0;
  int column = 0;
};

struct CsvRow {
  int line = 0;
  std::vector<CsvField> fields;
};

struct CsvOptions {
  char separator = ',';
  char comment = '#';  // a line that begins with it is skipped; '\0': none
};

// Splits a text into rows of fields; rows may differ in length.
class CsvReader {
 public:
  // `file` is the name for messages.
  CsvReader(std::string text, std::string file, CsvOptions options = {});

  // The next row; false at the end of the text. Throws ConfigurationError on a quote that is not
  // closed or stands inside a field, and on bytes that no text has.
  bool next(CsvRow& row);

  const std::string& file() const { return file_; }
  Place place(const CsvField& field) const { return {file_, field.line, field.column}; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }
  bool at_line_end() const;
  void take_line_end();
  void skip_blank_lines();
  CsvField plain_field();
  CsvField quoted_field();
  int column() const { return static_cast<int>(at_ - line_start_) + 1; }
  [[noreturn]] void fail(int line, int column, const std::string& message) const;

  std::string text_;
  std::string file_;
  CsvOptions options_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

// A table whose first row names its columns. The separator is found in that row: comma, semicolon
// or tab, whichever is there most often. Every row must have as many fields as the first.
class CsvTable {
 public:
  CsvTable(std::string text, std::string file);
  // Reads the file with read_text_file.
  explicit CsvTable(const std::filesystem::path& path);

  const std::string& file() const { return reader_.file(); }
  const std::vector<std::string>& columns() const { return columns_; }

  // Index of a column; nothing where it is absent. Throws where two columns have that name.
  std::optional<std::size_t> find(std::string_view name) const;
  // As above, and throws where it is absent, with the nearest name.
  std::size_t require(std::string_view name) const;

  // The next row; false at the end. Throws where its number of fields is not that of the columns.
  bool next(CsvRow& row);

  // A field as a finite number or integer; throws with its place otherwise.
  double number(const CsvRow& row, std::size_t column) const;
  std::int64_t integer(const CsvRow& row, std::size_t column) const;

  // For the reader's own complaints: place of a field, name of its column.
  [[noreturn]] void fail(const CsvRow& row, std::size_t column, const std::string& message) const;

 private:
  CsvReader reader_;
  std::vector<std::string> columns_;
  int header_line_ = 1;
};

}  // namespace ampacity
