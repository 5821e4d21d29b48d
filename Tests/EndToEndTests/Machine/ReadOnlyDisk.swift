import Glibc

/// A directory, mounted over itself so that nobody may write to it: root may write what has no such bit.
struct ReadOnlyDisk {
    private let path: String

    init(_ path: String) throws {
        guard mount(path, path, nil, UInt(MS_BIND), nil) == 0 else {
            throw Unexpected("can't mount \(path)")
        }
        self.path = path
        guard mount(nil, path, nil, UInt(MS_BIND | MS_REMOUNT | MS_RDONLY), nil) == 0 else {
            unmount()
            throw Unexpected("can't mount \(path) read-only")
        }
    }

    func unmount() { umount2(path, Int32(MNT_DETACH)) }
}
