// SPDX-License-Identifier: Apache-2.0

// Reads job logs; the picture is in the header. Both readers turn a row into a JobRecord or into a
// reason why it is none; JobCollector counts the reasons and keeps the order.

#include "twin/inputs/job_log.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "twin/core/errors.hpp"
#include "twin/core/files.hpp"

namespace ampacity {
namespace {

constexpr double longest_s = 3.2e9;  // a hundred years
constexpr double most_gpus = 10e6;

enum Reason : std::size_t {
  no_gpu,
  never_started,
  no_run_time,
  no_submit_time,
  backwards,
  partial,
  reason_count
};

constexpr std::array<const char*, reason_count> reason_texts = {
    "without a GPU",
    "that never started",
    "without a run time",
    "without a time of submission",
    "whose times run backwards",
    "that are parts of another job",
};

class JobCollector {
 public:
  explicit JobCollector(std::string file) { log_.file = std::move(file); }

  void add(JobRecord job) {
    ++log_.rows;
    log_.jobs.push_back(std::move(job));
  }
  void leave_out(Reason reason) {
    ++log_.rows;
    ++log_.left_out;
    ++left_out_[reason];
  }
  std::vector<Notice>& notices() { return log_.notices; }

  JobLog finish() {
    if (log_.rows == 0) {
      throw ConfigurationError({log_.file}, "", "the file has no jobs (add data)");
    }
    for (std::size_t reason = 0; reason < reason_count; ++reason) {
      if (left_out_[reason] == 0) continue;
      note(std::to_string(left_out_[reason]) + " of " + counted(log_.rows, "row") + " " +
           reason_texts[reason] + ", left out");
    }
    const auto earlier = [](const JobRecord& a, const JobRecord& b) { return a.submit < b.submit; };
    if (!std::is_sorted(log_.jobs.begin(), log_.jobs.end(), earlier)) {
      note("the rows do not stand in the order of submission, sorted");
      std::stable_sort(log_.jobs.begin(), log_.jobs.end(), earlier);
    }
    return std::move(log_);
  }

 private:
  void note(std::string message) { log_.notices.push_back({{log_.file}, std::move(message)}); }

  JobLog log_;
  std::array<std::size_t, reason_count> left_out_{};
};

// --- SWF ----------------------------------------------------------------------------------------

enum SwfField : std::size_t {
  job_number,
  submit_time,
  wait_time,
  run_time,
  allocated_processors,
  requested_processors = 7,
  requested_time = 8,
  swf_status = 10,
  user_id = 11,
  queue_number = 14,
  swf_field_count = 18
};

class SwfReader {
 public:
  SwfReader(std::string text, std::string file, const JobLogOptions& options)
      : file_(std::move(file)), text_(std::move(text)), options_(options), jobs_(file_) {
    AMPACITY_ASSERT(options.processors_per_gpu > 0, "a GPU has at least one processor");
    origin_ = options.origin;
  }

  JobLog read() {
    LineReader lines(text_);
    while (const std::optional<std::string_view> line = lines.next()) {
      const std::size_t first = line->find_first_not_of(" \t");
      if (first == std::string_view::npos) continue;
      if ((*line)[first] == ';') {
        read_comment(line->substr(first + 1), lines.line());
      } else {
        read_job(split_line(*line, ' ', lines.line()), lines.line());
      }
    }
    return jobs_.finish();
  }

 private:
  [[noreturn]] void fail(int line, int column, std::string message) const {
    throw ConfigurationError({file_, line, column}, "", std::move(message));
  }

  // "; UnixStartTime: 844927199"; zero and less mean that it is not known.
  void read_comment(std::string_view comment, int line) {
    const std::size_t colon = comment.find(':');
    if (colon == std::string_view::npos || options_.origin) return;
    if (folded(comment.substr(0, colon)) != "unixstarttime") return;
    const std::vector<CsvField> words = split_line(comment.substr(colon + 1), ' ', line);
    const Result<std::int64_t> value =
        parse_integer(words.empty() ? std::string_view() : words.front().text);
    if (!value) fail(line, 1, "UnixStartTime: " + value.error() + " (write seconds since 1970)");
    if (value.value() <= 0) return;
    if (value.value() >= latest_input_time.ns / ns_per_second) {
      fail(line, 1, "UnixStartTime lies after the year 2149 (write seconds since 1970)");
    }
    origin_ = Time{value.value() * ns_per_second};
  }

  double number(const CsvField& field) const {
    const Result<double> read = parse_double(field.text);
    if (!read) fail(field.line, field.column, read.error() + " (SWF fields are numbers)");
    if (std::abs(read.value()) > longest_s) {
      fail(field.line, field.column, in_quotes(field.text) + " is out of range (correct the row)");
    }
    return read.value();
  }

  void read_job(const std::vector<CsvField>& fields, int line) {
    if (fields.size() != swf_field_count) {
      fail(line, 1,
           "the row has " + counted(fields.size(), "field") +
               ", an SWF job has 18 (the file may be cut short)");
    }
    if (!origin_) {
      fail(line, 1,
           "the log does not say when its second 0 is (add '; UnixStartTime: ...' at the top, or "
           "give the instant at which the replay starts)");
    }
    std::array<double, swf_field_count> value{};
    for (std::size_t i = 0; i < swf_field_count; ++i) value[i] = number(fields[i]);
    if (const auto reason = unusable(value)) {
      jobs_.leave_out(*reason);
      return;
    }
    jobs_.add(record(fields, value));
  }

  static double processors(const std::array<double, swf_field_count>& value) {
    return value[allocated_processors] > 0 ? value[allocated_processors]
                                           : value[requested_processors];
  }

  // 2, 3 and 4 mark parts of a job that was checkpointed; the whole job has a line of its own.
  static std::optional<Reason> unusable(const std::array<double, swf_field_count>& value) {
    const double status = value[swf_status];
    if (status == 2 || status == 3 || status == 4) return partial;
    if (value[submit_time] < 0) return no_submit_time;
    if (!(processors(value) > 0)) return no_gpu;
    if (!(value[run_time] > 0)) return no_run_time;
    return std::nullopt;
  }

  static std::string status_name(double status) {
    if (status == 0) return "failed";
    if (status == 1) return "completed";
    if (status == 5) return "cancelled";
    return "unknown";
  }

  Time instant(const CsvField& field, double offset_s) const {
    const std::optional<Time> out = instant_after(*origin_, offset_s);
    if (!out) fail(field.line, field.column, "the time lies outside of the years 1950 to 2150");
    return *out;
  }

  JobRecord record(const std::vector<CsvField>& fields,
                   const std::array<double, swf_field_count>& value) const {
    const auto text = [&](SwfField field) {
      return value[field] < 0 ? std::string() : std::string(fields[field].text);
    };
    JobRecord job;
    job.id = fields[job_number].text;
    job.submit = instant(fields[submit_time], value[submit_time]);
    if (value[wait_time] >= 0) {
      job.start = instant(fields[wait_time], value[submit_time] + value[wait_time]);
    }
    job.duration_s = value[run_time];
    const double gpus = std::ceil(processors(value) / options_.processors_per_gpu);
    if (gpus > most_gpus) {
      fail(fields[allocated_processors].line, fields[allocated_processors].column,
           "more than ten million processors in one job (correct the row)");
    }
    job.gpus = static_cast<int>(gpus);
    job.requested_s = std::max(value[requested_time], 0.0);
    job.user = text(user_id);
    job.job_class = text(queue_number);
    job.status = status_name(value[swf_status]);
    return job;
  }

  std::string file_;
  std::string text_;
  JobLogOptions options_;
  std::optional<Time> origin_;
  JobCollector jobs_;
};

// --- CSV ----------------------------------------------------------------------------------------

class JobCsvReader {
 public:
  JobCsvReader(CsvTable table, const JobColumns& columns, const JobLogOptions& options)
      : table_(std::move(table)), names_(columns), options_(options), jobs_(table_.file()) {}

  JobLog read() {
    find_columns();
    CsvRow row;
    while (table_.next(row)) read_row(row);
    return jobs_.finish();
  }

 private:
  using Column = std::optional<std::size_t>;

  Column column(const std::string& name) const {
    if (name.empty()) return std::nullopt;
    return table_.require(name);
  }

  void find_columns() {
    id_ = column(names_.id);
    submit_ = column(names_.submit);
    start_ = column(names_.start);
    end_ = column(names_.end);
    duration_ = column(names_.duration);
    gpus_ = column(names_.gpus);
    gpu_share_ = column(names_.gpu_share);
    requested_ = column(names_.requested);
    user_ = column(names_.user);
    job_class_ = column(names_.job_class);
    status_ = column(names_.status);
    if (submit_ && gpus_ && (duration_ || end_)) return;
    throw ConfigurationError({table_.file()}, "",
                             "the columns of submission, GPUs and either run time or end must be "
                             "named");
  }

  // Instant of a cell; nothing when it is empty.
  std::optional<Time> instant(const CsvRow& row, const Column& column) {
    if (!column) return std::nullopt;
    const std::string_view text = row.fields[*column].text;
    if (text.empty()) return std::nullopt;
    if (!in_seconds_) in_seconds_ = static_cast<bool>(parse_double(text));
    if (!*in_seconds_) {
      const Result<Time> stamp = read_stamp(text, options_.zone);
      if (!stamp) table_.fail(row, *column, stamp.error());
      return stamp.value();
    }
    const double value_s = table_.number(row, *column);
    if (!options_.origin) {
      table_.fail(row, *column,
                  "the log counts seconds from a start that it does not name (give the instant at "
                  "which the replay starts)");
    }
    const std::optional<Time> out = instant_after(*options_.origin, value_s);
    if (!out) {
      table_.fail(row, *column, "the time lies outside of the years 1950 to 2150 (write seconds)");
    }
    return out;
  }

  std::string text(const CsvRow& row, const Column& column) const {
    return column ? std::string(row.fields[*column].text) : std::string();
  }

  int gpus(const CsvRow& row) const {
    if (row.fields[*gpus_].text.empty()) return 0;
    const std::int64_t count = table_.integer(row, *gpus_);
    if (count > static_cast<std::int64_t>(most_gpus)) {
      table_.fail(row, *gpus_, "more than ten million GPUs in one job (correct the row)");
    }
    return static_cast<int>(std::max<std::int64_t>(count, 0));
  }

  double gpu_share(const CsvRow& row) const {
    if (!gpu_share_ || row.fields[*gpu_share_].text.empty()) return 1;
    const double share = table_.number(row, *gpu_share_) * names_.gpu_share_unit;
    if (!(share > 0 && share <= 1)) {
      table_.fail(row, *gpu_share_, "a share of a GPU is more than 0 and at most 1 (correct it)");
    }
    return share;
  }

  double requested(const CsvRow& row) const {
    if (!requested_ || row.fields[*requested_].text.empty()) return 0;
    return std::clamp(table_.number(row, *requested_), 0.0, longest_s);
  }

  // Run time, or why there is none.
  std::optional<Reason> find_duration(const CsvRow& row, Time submit,
                                      const std::optional<Time>& start, double& duration_s) {
    if (duration_ && !row.fields[*duration_].text.empty()) {
      duration_s = table_.number(row, *duration_);
      if (duration_s > longest_s) {
        table_.fail(row, *duration_, "a run time of more than 100 years (write seconds)");
      }
    } else {
      const std::optional<Time> end = instant(row, end_);
      const bool started = !start_ || start;
      if (!started && names_.never_started == NeverStarted::leave_out) return never_started;
      if (!end) return no_run_time;
      duration_s = to_seconds(*end - start.value_or(submit));
    }
    if (duration_s < 0) return backwards;
    if (duration_s == 0) return no_run_time;
    return std::nullopt;
  }

  void read_row(const CsvRow& row) {
    const std::optional<Time> submit = instant(row, submit_);
    const std::optional<Time> start = instant(row, start_);
    JobRecord job;
    job.gpus = gpus(row);
    if (job.gpus == 0) return jobs_.leave_out(no_gpu);
    if (!submit || (*in_seconds_ && *submit < *options_.origin)) {
      return jobs_.leave_out(no_submit_time);
    }
    if (start && *start < *submit) return jobs_.leave_out(backwards);
    if (const auto reason = find_duration(row, *submit, start, job.duration_s)) {
      return jobs_.leave_out(*reason);
    }
    job.gpu_share = gpu_share(row);
    job.submit = *submit;
    job.start = start;
    job.requested_s = requested(row);
    job.id = id_ ? text(row, id_) : std::to_string(row.line);
    job.user = text(row, user_);
    job.job_class = text(row, job_class_);
    job.status = text(row, status_);
    jobs_.add(std::move(job));
  }

  CsvTable table_;
  JobColumns names_;
  JobLogOptions options_;
  JobCollector jobs_;
  std::optional<bool> in_seconds_;
  Column id_, submit_, start_, end_, duration_, gpus_, gpu_share_, requested_, user_, job_class_,
      status_;
};

bool has_columns(const CsvTable& table, const JobColumns& columns) {
  for (const std::string& name : {columns.submit, columns.start, columns.end, columns.duration,
                                  columns.gpus, columns.gpu_share}) {
    if (!name.empty() && !table.find(name)) return false;
  }
  return true;
}

bool is_swf(const std::filesystem::path& path, std::string_view text) {
  const std::string name = path.filename().string();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return name.ends_with(".swf") || name.ends_with(".swf.gz") ||
         (first != std::string_view::npos && text[first] == ';');
}

}  // namespace

JobColumns plain_columns() {
  JobColumns out;
  out.submit = "submit";
  out.duration = "duration";
  out.gpus = "gpus";
  return out;
}

JobColumns alibaba_gpu_2023_columns() {
  JobColumns out;
  out.id = "name";
  out.submit = "creation_time";
  out.start = "scheduled_time";
  out.end = "deletion_time";
  out.gpus = "num_gpu";
  out.gpu_share = "gpu_milli";
  out.gpu_share_unit = 1e-3;
  out.job_class = "qos";
  out.status = "pod_phase";
  return out;
}

JobLog read_job_log(const std::filesystem::path& path, const JobLogOptions& options) {
  std::string text = read_text_file(path);
  if (is_swf(path, text)) return SwfReader(std::move(text), path.string(), options).read();
  CsvTable table(std::move(text), path.string());
  for (const JobColumns& preset : {plain_columns(), alibaba_gpu_2023_columns()}) {
    if (has_columns(table, preset)) return JobCsvReader(std::move(table), preset, options).read();
  }
  throw ConfigurationError({path.string(), 1, 0}, "",
                           "the columns are not those of a log that is known (write the header "
                           "'submit,duration,gpus': instants or seconds, seconds, whole GPUs; or "
                           "use SWF)");
}

JobLog read_swf(const std::filesystem::path& path, const JobLogOptions& options) {
  return SwfReader(read_text_file(path), path.string(), options).read();
}

JobLog read_job_csv(const std::filesystem::path& path, const JobColumns& columns,
                    const JobLogOptions& options) {
  return JobCsvReader(CsvTable(path), columns, options).read();
}

}  // namespace ampacity
