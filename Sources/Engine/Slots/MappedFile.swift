internal import CLinux
internal import Glibc
internal import Service

/// A file mapped into memory, shared with whoever else maps it: what is stored there survives the
/// process, since the kernel owns the pages.
///
/// Not `Sendable` by nature; ``SlotFile`` says who may touch which byte.
final class MappedFile: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let size: Int
    let inode: UInt64
    private let descriptor: Int32

    /// Maps an open file of at least `size` bytes and takes the descriptor over.
    init(adopting descriptor: Int32, size: Int) throws(SystemError) {
        let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else {
            let failure = SystemError(call: "mmap", code: errno)
            Glibc.close(descriptor)
            throw failure
        }
        base = mapped
        var status = stat()
        inode = fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : 0
        self.size = size
        self.descriptor = descriptor
    }

    deinit {
        munmap(base, size)
        // Gives up the file lock with it.
        Glibc.close(descriptor)
    }
}
