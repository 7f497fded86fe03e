#!/bin/sh
# Makes one virtual environment per peer under build/peers (or the folder given), so
# that their dependencies cannot quarrel. Environments that exist are left alone. Takes
# about 1.5 GB; nothing of it is needed to build or test tfc.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/build/peers}
python=${PYTHON:-python3}

# make NAME PACKAGE...
make() {
  name=$1
  shift
  [ -e "$folder/$name/.complete" ] && return
  rm -rf "${folder:?}/$name"
  "$python" -m venv "$folder/$name"
  "$folder/$name/bin/pip" install --quiet numpy onnx ml_dtypes "$@"
  touch "$folder/$name/.complete"
  echo "$name is ready in $folder/$name"
}

mkdir -p "$folder"
make ort onnxruntime
make openvino openvino
make iree 'iree-base-compiler[onnx]' iree-base-runtime
make jax jax
make tf tensorflow
