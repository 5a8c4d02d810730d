// SPDX-License-Identifier: Apache-2.0
#pragma once

// Collects units and connections and compiles them into a Plant.
//
//   PlantBuilder builder;
//   const BlockId hall = builder.add_block(site_block, "hall-1");
//   const UnitId bus = builder.add<Bus>("bus-a", site_block, parameters);
//   builder.connect(rack, "power_a", bus, "load");
//   Plant plant = std::move(builder).compile();
//
// Compilation orders the units by block, lays out the arrays, and sorts offer and balance passes so
// that every value is computed before it is read. It refuses, as a mistake of the code that built
// the graph (std::logic_error with the paths of the units): an early input that is fed by an output
// which is not offered, a required input with nothing connected, a circle of passes, a name that
// does not exist.

#include <map>
#include <string>
#include <vector>

#include "twin/site/plant.hpp"

namespace ampacity {

struct BlockId {
  std::size_t index = 0;
};
struct UnitId {
  std::size_t index = 0;
};
struct ExternalId {
  std::size_t index = 0;
};

inline constexpr BlockId site_block{0};

class PlantBuilder {
 public:
  PlantBuilder();

  BlockId add_block(BlockId parent, std::string path);

  // A unit of component C.
  template <class C>
  UnitId add(std::string path, BlockId block, const typename C::Parameters& parameters) {
    return add(component_type<C>(), std::move(path), block,
               reinterpret_cast<const std::byte*>(&parameters));
  }
  UnitId add(const ComponentType& type, std::string path, BlockId block,
             const std::byte* parameters);

  // Storage for a curve that parameter records of this plant may point to.
  Curve add_curve(CurveTable table);

  // An external input; the same path twice gives the same id.
  ExternalId external(const std::string& path, const std::string& unit);

  // Adds gain * output to an input.
  void connect(UnitId from, const std::string& output, UnitId to, const std::string& input,
               double gain = 1.0);
  void connect(ExternalId from, UnitId to, const std::string& input, double gain = 1.0);
  void set_constant(UnitId to, const std::string& input, double value);

  // Whether the input has a connection or a constant.
  bool is_given(UnitId unit, const std::string& input) const {
    const Draft& draft = drafts_[unit.index];
    const std::size_t row = input_index(unit, input);
    return !draft.inputs[row].empty() || draft.set[row];
  }

  // Replaces the initial value of a state.
  void set_initial(UnitId unit, const std::string& state, double value);

  const ComponentType& type_of(UnitId unit) const { return *drafts_[unit.index].type; }

  Plant compile() &&;

 private:
  struct Link {
    bool external;
    std::size_t source;  // unit or external
    std::size_t output;
    double gain;
  };
  struct Draft {
    std::string path;
    const ComponentType* type;
    std::size_t block;
    std::vector<std::byte> parameters;
    std::vector<double> initial;
    std::vector<double> constants;          // per input
    std::vector<bool> set;                  // per input: a constant was given
    std::vector<std::vector<Link>> inputs;  // per input
  };

  std::size_t input_index(UnitId unit, const std::string& input) const;
  void lay_out(Plant& plant, const std::vector<std::size_t>& order) const;
  void wire(Plant& plant, const std::vector<std::size_t>& order,
            const std::vector<std::size_t>& place) const;
  void sort_passes(Plant& plant) const;

  std::vector<Block> blocks_;
  std::vector<Draft> drafts_;
  std::vector<ExternalInput> externals_;
  std::map<std::string, std::size_t> external_index_;
  std::list<CurveTable> curves_;
};

}  // namespace ampacity
