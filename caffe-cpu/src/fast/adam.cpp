// Adam in one pass over the numbers, where Caffe's takes seven and raises to the power of a half.
#include "caffe/sgd_solvers.hpp"

#include <cmath>

#include "caffe/solver_factory.hpp"
#include "fast.hpp"

namespace caffe {

class FastAdamSolver : public AdamSolver<float> {
 public:
  using AdamSolver<float>::AdamSolver;

 protected:
  void ComputeUpdateValue(int param_id, float rate) override {
    const auto& params = net_->learnable_params();
    Blob<float>& weights = *params[param_id];
    const int t = iter_ + 1;
    Adam adam;
    adam.beta1 = param_.momentum();
    adam.beta2 = param_.momentum2();
    adam.delta = param_.delta();
    adam.rate = rate * net_->params_lr()[param_id] * std::sqrt(1 - std::pow(adam.beta2, t)) /
                (1 - std::pow(adam.beta1, t));
    float* gradient = weights.mutable_cpu_diff();
    float* mean = history_[param_id]->mutable_cpu_data();
    float* square = history_[param_id + params.size()]->mutable_cpu_data();
    parallel_pieces(weights.count(), [&](size_t at, size_t size) {
      kernels().adam(adam, gradient + at, mean + at, square + at, size);
    });
  }
};

using Creator = SolverRegistry<float>::Creator;
static Creator stock;

static Solver<float>* create(const SolverParameter& param) {
  return environment_says("0") ? stock(param) : new FastAdamSolver(param);
}

// What caffe.get_solver makes from now on; a caffe.AdamSolver is Caffe's own, as it says.
static const bool taken = [] {
  Creator& creator = SolverRegistry<float>::Registry()["Adam"];
  CHECK(creator) << "Caffe's own Adam must be registered before the fast one: link it first.";
  stock = creator;
  creator = create;
  return true;
}();

}  // namespace caffe
