#pragma once

/// By how much the clocks of a process under valgrind are slowed: about as much as valgrind slows the process.
enum { slowness = 60 };
