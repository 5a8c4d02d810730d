// SPDX-License-Identifier: Apache-2.0
#include "twin/sim/job_load.hpp"

// Gathered changes of jobs: they reach racks and events at multiples of the interval only, and what
// the racks are asked for there is what the manager says of that instant.

#include <doctest/doctest.h>

#include "tests/twin/sim/small_site.hpp"

namespace ampacity::tests {

namespace {

struct Events final : EventSink {
  std::vector<EventRecord> all;
  void on_event(const EventRecord& event) override { all.push_back(event); }
};

// The load of the small site's jobs with changes gathered over `gather`, and the one without.
JobLoad load_of(const SmallSite& small, const RunSetup& setup, Duration gather) {
  return {setup.manager, small.assembly.racks, small.site.start, gather};
}

}  // namespace

TEST_CASE("gathered jobs: changes only at multiples of the interval") {
  const SmallSite small;
  RunSetup setup = prepare_run(small.site, small.assembly, {}, small.site.start, small.end());
  REQUIRE(setup.manager != nullptr);
  JobManager::State reference = setup.manager->initial(small.site.start);
  JobLoad gathered = load_of(small, setup, seconds(60.0));

  std::vector<double> signals(small.plant().output_count(), 1.0);  // all is delivered
  const std::vector<RackReport> reports(small.assembly.racks.size());
  Events events;
  std::vector<JobEvent> happened;
  Time last = small.site.start;
  int changes = 0;
  while (gathered.next_change() < small.end()) {
    const Time now = gathered.next_change();
    const Duration past = now - small.site.start;
    CHECK(past.ns % seconds(60.0).ns == 0);
    if (changes > 0) {
      CHECK(now > last);
      // Not later than the first multiple after the change.
      CHECK(setup.manager->next_event(reference) > now - seconds(60.0));
    }
    gathered.advance(now, small.plant(), signals, setup.externals, events);
    setup.manager->advance(reference, now, reports, happened);
    std::vector<double> values(small.plant().externals().size());
    setup.externals.evaluate(to_seconds(past), values.data());
    for (std::size_t r = 0; r < small.assembly.racks.size(); ++r) {
      CHECK(values[small.assembly.racks[r].demand] == setup.manager->demand_w(reference)[r]);
    }
    last = now;
    ++changes;
  }
  CHECK(changes > 3);
  CHECK(events.all.size() > 3);
  for (const EventRecord& event : events.all) {
    CHECK((event.at - small.site.start).ns % seconds(60.0).ns == 0);
  }

  JobLoad instant = load_of(small, setup, seconds(0.0));
  instant.advance(small.site.start, small.plant(), signals, setup.externals, events);
  CHECK(instant.next_change() ==
        setup.manager->next_event(setup.manager->initial(small.site.start)));
}

}  // namespace ampacity::tests
