// SPDX-License-Identifier: Apache-2.0
#pragma once

// The program as a user meets it: started in a folder with arguments, watched until it ends or its
// time is up, judged by its exit code and by what it wrote.
//
// The environment variable AMPACITY_COMMAND names the program; the tests' build sets it. Output
// goes to files rather than pipes, so that a program that says much never waits for its reader, and
// so that what a killed one said is still there.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ampacity::tests {

// A folder that goes when the test ends.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "ampacity-run-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

  std::filesystem::path write(const std::string& name, const std::string& content) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }

 private:
  std::filesystem::path path_;
};

// Every byte of a file; empty where there is none.
inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct ProgramResult {
  int exit_code = -1;  // -1: a signal ended it, or it was killed because its time was up
  int signal = 0;
  bool timed_out = false;
  std::string out;
  std::string err;
};

// One started program. It is killed with the object if nobody waited for it.
class Program {
 public:
  // Runs `ampacity <arguments>` in `folder`. Its output lies in a folder of its own.
  Program(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
    const char* command = std::getenv("AMPACITY_COMMAND");
    REQUIRE_MESSAGE(command != nullptr, "AMPACITY_COMMAND names the program");
    const std::string binary = std::filesystem::absolute(command).string();
    const std::string out = (output_.path() / "out").string();
    const std::string err = (output_.path() / "err").string();
    std::vector<std::string> words = arguments;
    words.insert(words.begin(), binary);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    process_ = fork();
    REQUIRE(process_ >= 0);
    if (process_ > 0) return;
    // The child: only calls that are safe between fork and exec.
    const auto redirect = [](int to, const char* path, int flags) {
      const int file = open(path, flags, 0600);
      if (file < 0 || dup2(file, to) < 0) _exit(126);
    };
    redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
    redirect(STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
    redirect(STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
    if (chdir(folder.c_str()) != 0) _exit(126);
    execv(binary.c_str(), argv.data());
    _exit(127);
  }
  ~Program() {
    if (process_ > 0) end(SIGKILL);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  bool running() { return process_ > 0 && !collect(WNOHANG); }

  // Sends a signal and waits for the end.
  ProgramResult end(int signal) {
    kill(process_, signal);
    collect(0);
    return result();
  }

  // Waits for the end; kills the program when it takes longer than `limit_s`.
  ProgramResult wait(double limit_s) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_s);
    while (running()) {
      if (std::chrono::steady_clock::now() > until) {
        ProgramResult late = end(SIGKILL);
        late.timed_out = true;
        return late;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return result();
  }

 private:
  bool collect(int flags) {
    int status = 0;
    if (waitpid(process_, &status, flags) != process_) return false;
    process_ = 0;
    if (WIFEXITED(status)) exit_code_ = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) signal_ = WTERMSIG(status);
    return true;
  }

  ProgramResult result() const {
    return {exit_code_, signal_, false, bytes_of(output_.path() / "out"),
            bytes_of(output_.path() / "err")};
  }

  TemporaryDirectory output_;
  pid_t process_ = 0;
  int exit_code_ = -1;
  int signal_ = 0;
};

// Runs `ampacity <arguments>` in `folder` to its end, `limit_s` at most.
inline ProgramResult run_program(const std::filesystem::path& folder,
                                 const std::vector<std::string>& arguments, double limit_s) {
  return Program(folder, arguments).wait(limit_s);
}

}  // namespace ampacity::tests
