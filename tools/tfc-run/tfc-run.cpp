// Runs compiled models on .npz files; see Options.cpp for the command line.
#include "Session.h"

int main(int argc, char **argv) { return tfc::run::runTool({argv + 1, argv + argc}); }
