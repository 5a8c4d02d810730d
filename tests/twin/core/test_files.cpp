// SPDX-License-Identifier: Apache-2.0

// RFC 4180 by its own cases, files damaged in each way that happens, and random bytes.

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "twin/core/files.hpp"

using namespace ampacity;

namespace {

// A folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    path_ =
        std::filesystem::temp_directory_path() / ("ampacity-files-" + std::to_string(::getpid()));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

std::string gzip(const std::string& text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// The text of the ConfigurationError that `action` throws, or "none".
template <class Action>
std::string complaint(Action action) {
  try {
    action();
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "none";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::vector<std::string>> rows_of(const std::string& text, CsvOptions options = {}) {
  CsvReader reader(text, "t.csv", options);
  std::vector<std::vector<std::string>> out;
  CsvRow row;
  while (reader.next(row)) {
    out.emplace_back();
    for (const CsvField& field : row.fields) out.back().emplace_back(field.text);
  }
  return out;
}

using Rows = std::vector<std::vector<std::string>>;

std::string csv_complaint(const std::string& text) {
  return complaint([&] { rows_of(text); });
}

}  // namespace

TEST_CASE("numbers are read strictly") {
  CHECK(parse_double("12").value() == 12);
  CHECK(parse_double("-0.5").value() == -0.5);
  CHECK(parse_double("+1e-3").value() == 1e-3);
  CHECK(parse_double(".5").value() == 0.5);
  CHECK(parse_double("5.").value() == 5);
  CHECK(parse_double("1013384.9879999999").value() == 1013384.9879999999);
  for (const char* text : {"",     "nan", "NaN", "-nan", "inf", "-inf", "infinity", "1e999",
                           "0x10", "1,5", "12x", " 12",  "12 ", "--1",  "+-1",      "-",
                           "+",    ".",   "e5",  "1e",   "1 2", "null", "\xff",     "1\n"}) {
    CHECK_MESSAGE(!parse_double(text), std::string(text));
  }
  CHECK(contains(parse_double("12x").error(), "'x' is not expected"));
  CHECK(contains(parse_double("1,5").error(), "decimal point"));
  CHECK(!parse_double(std::string(100000, '9') + "x"));

  CHECK(parse_integer("-9223372036854775808").value() == INT64_MIN);
  CHECK(parse_integer("+7").value() == 7);
  for (const char* text : {"", "1.5", "1e3", "9223372036854775808", "nan", "7 ", "-"}) {
    CHECK_MESSAGE(!parse_integer(text), std::string(text));
  }
}

TEST_CASE("files are read whole, plain or gzip") {
  const TemporaryFolder folder;
  const std::string text = "time,power\n0,1\n15,2\n";
  CHECK(read_text_file(folder.write("plain.csv", text)) == text);
  CHECK(read_text_file(folder.write("mark.csv", "\xef\xbb\xbf" + text)) == text);
  CHECK(read_text_file(folder.write("empty.csv", "")).empty());
  // The bytes tell, not the name.
  CHECK(read_text_file(folder.write("named.csv", gzip(text))) == text);
  CHECK(read_text_file(folder.write("marked.csv.gz", gzip("\xef\xbb\xbf" + text))) == text);
  CHECK(read_text_file(folder.write("two.gz", gzip(text) + gzip(text))) == text + text);
  CHECK(read_text_file(folder.write("padded.gz", gzip(text) + std::string(512, '\0'))) == text);
  CHECK(read_text_file(folder.write("none.gz", gzip(""))).empty());

  std::string large;
  for (int i = 0; i < 40000; ++i) large += std::to_string(i * 7919 % 10007) + "\n";
  CHECK(read_text_file(folder.write("large.csv.gz", gzip(large))) == large);
}

TEST_CASE("files that cannot be read say why") {
  const TemporaryFolder folder;
  const std::string text = "time,power\n0,1\n15,2\n";
  const auto reading = [&](const std::filesystem::path& path) {
    return complaint([&] { read_text_file(path); });
  };
  CHECK(contains(reading(folder.path() / "absent.csv"), "no such file"));
  CHECK(contains(reading(folder.path() / "absent.csv"), "absent.csv: "));
  CHECK(contains(reading(folder.path()), "folder"));
  const std::string packed = gzip(text);
  for (std::size_t size = 2; size < packed.size(); ++size) {
    const std::string cut = packed.substr(0, size);
    CHECK(contains(reading(folder.write("cut.gz", cut)), "cut short"));
  }
  std::string damaged = packed;
  damaged[packed.size() - 6] = static_cast<char>(damaged[packed.size() - 6] ^ 1);  // the checksum
  CHECK(contains(reading(folder.write("damaged.gz", damaged)), "damaged"));
  CHECK(contains(reading(folder.write("tail.gz", packed + "tail")), "other data"));
  CHECK(contains(reading(folder.write("wide.csv", std::string("\xff\xfet\0i\0", 6))), "UTF-16"));
  // A small file that unpacks into a huge one.
  const auto bomb = folder.write("bomb.gz", gzip(std::string(std::size_t{4} << 20U, 'x')));
  CHECK(contains(complaint([&] { read_text_file(bomb, std::size_t{1} << 20U); }),
                 "larger than 1 MiB"));
  CHECK(contains(complaint([&] { read_text_file(bomb, 100); }), "larger than"));
}

TEST_CASE("fields and rows") {
  CHECK(rows_of("a,b\n1,2\n") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(rows_of("a,b\n1,2") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(rows_of("a,b\r\n1,2\r\n") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(rows_of("a,b\r\n1,2\r") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(rows_of("\xef\xbb\xbf"
                "a,b\n") == Rows{{"a", "b"}});
  CHECK(rows_of("").empty());
  CHECK(rows_of("\n\r\n  \n").empty());
  CHECK(rows_of("a,,c\n,,\n,\n") == Rows{{"a", "", "c"}, {"", "", ""}, {"", ""}});
  CHECK(rows_of("a\n\nb\n") == Rows{{"a"}, {"b"}});
  CHECK(rows_of(" a , b\tc \n") == Rows{{"a", "b\tc"}});
  CHECK(rows_of("# note, with \" quote\na\n#b\nc#\n") == Rows{{"a"}, {"c#"}});
  CHECK(rows_of("#a\n", {',', '\0'}) == Rows{{"#a"}});
  CHECK(rows_of("a;b,c\n", {';', '#'}) == Rows{{"a", "b,c"}});
  CHECK(rows_of("a\t\tb\n", {'\t', '#'}) == Rows{{"a", "", "b"}});
  CHECK(rows_of("\ta\n", {'\t', '#'}) == Rows{{"", "a"}});
}

TEST_CASE("quoted fields") {
  CHECK(rows_of("\"a,b\",c\n") == Rows{{"a,b", "c"}});
  CHECK(rows_of("\"say \"\"yes\"\"\",\"\"\n") == Rows{{"say \"yes\"", ""}});
  CHECK(rows_of("\"two\nlines\",x\ny,z\n") == Rows{{"two\nlines", "x"}, {"y", "z"}});
  CHECK(rows_of(" \" a \" ,b\n") == Rows{{" a ", "b"}});
  CHECK(rows_of("\"a\"\r\n\"b\"") == Rows{{"a"}, {"b"}});

  CHECK(contains(csv_complaint("a,b\n1,\"2\n3,4\n"), "t.csv:2:3: a quote is not closed"));
  CHECK(contains(csv_complaint("a,b\n1,\"2\"x\n"), "t.csv:2:6: text follows"));
  CHECK(contains(csv_complaint("a,b\n1,2\"\n"), "t.csv:2:4: a quote stands inside"));
  CHECK(contains(csv_complaint("a\rb\n"), "t.csv:1:2: a carriage return"));
  CHECK(contains(csv_complaint(std::string("a\0b\n", 4)), "t.csv:1:2: a zero byte"));
  CHECK(contains(csv_complaint(std::string("\"a\0b\"\n", 6)), "t.csv:1:3: a zero byte"));
  CHECK(contains(csv_complaint("\""), "t.csv:1:1: a quote is not closed"));
}

TEST_CASE("lines and columns point at the field") {
  CsvReader reader("# note\na,b\n\n\"x\ny\", 7 ,\"z\"\nq\n", "t.csv");
  CsvRow row;
  REQUIRE(reader.next(row));
  CHECK(row.line == 2);
  CHECK(row.fields[1].column == 3);
  REQUIRE(reader.next(row));
  CHECK(row.line == 4);
  CHECK(row.fields[0].line == 4);
  CHECK(row.fields[0].column == 1);
  CHECK(row.fields[1].line == 5);
  CHECK(row.fields[1].column == 5);
  CHECK(row.fields[2].column == 8);
  REQUIRE(reader.next(row));
  CHECK(row.line == 6);
  CHECK(!reader.next(row));
  CHECK(!reader.next(row));
}

TEST_CASE("a table has named columns") {
  CsvTable table("time,power\n0, 1.5\n15,2\n", "t.csv");
  CHECK(table.columns() == std::vector<std::string>{"time", "power"});
  const std::size_t power = table.require("power");
  CHECK(power == 1);
  CHECK(!table.find("heat"));
  CHECK(contains(complaint([&] { table.require("pwoer"); }),
                 "t.csv:1: there is no column 'pwoer' (nearest: 'power')"));
  CsvRow row;
  REQUIRE(table.next(row));
  CHECK(table.number(row, power) == 1.5);
  CHECK(table.integer(row, 0) == 0);
  CHECK(
      contains(complaint([&] { table.integer(row, 1); }), "t.csv:2:5: power: '1.5' is not an int"));
  CHECK(
      contains(complaint([&] { table.fail(row, power, "too low"); }), "t.csv:2:4: power: too low"));
  REQUIRE(table.next(row));
  CHECK(!table.next(row));
}

TEST_CASE("tables with other separators") {
  CsvTable semicolons("# export\nzeit;leistung\n0;1,5\n", "t.csv");
  CHECK(semicolons.columns().size() == 2);
  CsvRow row;
  REQUIRE(semicolons.next(row));
  CHECK(contains(complaint([&] { semicolons.number(row, 1); }),
                 "t.csv:3:4: leistung: '1,5' is not a number: ',' is not expected (write a decimal "
                 "point"));
  CHECK(CsvTable("a\tb\tc\n", "t.csv").columns().size() == 3);
  CHECK(CsvTable("a, b; c\n", "t.csv").columns().size() == 2);
}

TEST_CASE("tables that are wrong say where") {
  const auto all = [](const std::string& text) {
    return complaint([&] {
      CsvTable table(text, "t.csv");
      const std::size_t column = table.require("power");
      CsvRow row;
      while (table.next(row)) table.number(row, column);
    });
  };
  CHECK(all("power\n1\n") == "none");
  CHECK(contains(all(""), "t.csv: the file is empty"));
  CHECK(contains(all("# only a note\n"), "t.csv: the file is empty"));
  CHECK(
      contains(all("time,power\n0,1\n15\n"), "t.csv:3: the row has 1 fields, the first row has 2"));
  CHECK(contains(all("time,power\n0,1,\n"), "t.csv:2: the row has 3 fields"));
  CHECK(contains(all("power,power\n1,2\n"), "t.csv:1: two columns are named 'power'"));
  CHECK(contains(all("time,power\n0,\n"), "t.csv:2:3: power: a number is missing"));
  CHECK(contains(all("time,power\n0,nan\n"), "t.csv:2:3: power: 'nan' is not a number"));
  CHECK(contains(all("time,power\n0,12kW\n"), "t.csv:2:5: power: '12kW' is not a number: 'k'"));
  CHECK(contains(all("time,power\n0,1e999\n"), "out of range"));
}

TEST_CASE("random bytes are rows or a complaint") {
  std::mt19937 random(11);
  const std::string letters = "a1,;\"\n\r\t #.-e\xff";
  int complaints = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::size_t size = random() % 40; size > 0; --size) {
      text += i % 4 == 0 ? static_cast<char>(random() % 256) : letters[random() % letters.size()];
    }
    const std::string said = complaint([&] {
      CsvTable table(text, "t.csv");
      CsvRow row;
      while (table.next(row)) {
        for (const CsvField& field : row.fields) {
          CHECK(field.line >= 1);
          CHECK(field.column >= 1);
          const Result<double> number = parse_double(field.text);
          if (number) CHECK(std::isfinite(number.value()));
        }
      }
    });
    if (said != "none") ++complaints;
  }
  CHECK(complaints > 1000);
  CHECK(complaints < 20000);
}

TEST_CASE("random damage to a gzip file is noticed or harmless") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 200; ++i) text += std::to_string(i * i) + ",";
  const std::string packed = gzip(text);
  std::mt19937 random(13);
  for (int i = 0; i < 500; ++i) {
    std::string damaged = packed;
    char& struck = damaged[random() % damaged.size()];
    struck = static_cast<char>(static_cast<unsigned char>(struck) ^ (1U << random() % 8));
    const auto path = folder.write("damaged.gz", damaged);
    try {
      const std::string read = read_text_file(path);
      CHECK((read == text || !damaged.starts_with("\x1f\x8b")));
    } catch (const ConfigurationError& error) {
      CHECK(!error.findings().empty());
    }
  }
}
