internal import CLinux

/// What the C library does with memory that is free again.
package enum ProcessMemory {
    /// Blocks of 256 kB and more come from the system one by one, and go back to it at once.
    ///
    /// Left alone, glibc raises that bound to the size of each large block that is freed, up to 32 MB, and
    /// from then on keeps such blocks in its heap: some mails of 3 MB, and the process stays large
    /// for good. https://man7.org/linux/man-pages/man3/mallopt.3.html (M_MMAP_THRESHOLD)
    package static func returnLargeBlocks() {
        mallopt(M_MMAP_THRESHOLD, 256 << 10)
    }
}
