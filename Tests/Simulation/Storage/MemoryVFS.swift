import CSQLite
import Glibc

/// Puts ``MemoryDisk`` under SQLite, as the VFS of every connection that this process opens from then on.
enum MemoryVFS {
    /// What SQLite keeps for an open file: its own part comes first.
    fileprivate struct Handle {
        var base: sqlite3_file
        var open: Unmanaged<OpenFile>?
    }

    // SQLite keeps the addresses for as long as the process lives.
    nonisolated(unsafe) private static let methods = kept(makeMethods())
    nonisolated(unsafe) private static let vfs = kept(makeVFS())
    nonisolated(unsafe) private static let name = strdup("memory")

    static func install() { sqlite3_vfs_register(vfs, 1) }

    private static func kept<T>(_ value: T) -> UnsafeMutablePointer<T> {
        let place = UnsafeMutablePointer<T>.allocate(capacity: 1)
        place.initialize(to: value)
        return place
    }

    private static func makeVFS() -> sqlite3_vfs {
        var vfs = sqlite3_vfs()
        vfs.iVersion = 2
        vfs.szOsFile = Int32(MemoryLayout<Handle>.size)
        vfs.mxPathname = 512
        vfs.zName = UnsafePointer(name)
        vfs.xOpen = { _, name, file, flags, outFlags in
            guard let file else { return SQLITE_CANTOPEN }
            let path = name.map { String(cString: $0) } ?? "temporary"
            let disk = MemoryDisk.shared
            if disk.isDark { return SQLITE_CANTOPEN }
            if flags & SQLITE_OPEN_CREATE == 0, !disk.exists(path) { return SQLITE_CANTOPEN }
            UnsafeMutableRawPointer(file).assumingMemoryBound(to: Handle.self).initialize(
                to: Handle(
                    base: sqlite3_file(pMethods: MemoryVFS.methods),
                    open: .passRetained(OpenFile(disk.open(path)))))
            outFlags?.pointee = flags
            return SQLITE_OK
        }
        vfs.xDelete = { _, name, _ in
            guard let name else { return SQLITE_OK }
            if let code = MemoryDisk.shared.failure(of: SQLITE_IOERR | 10 << 8) { return code }
            MemoryDisk.shared.delete(String(cString: name))
            return SQLITE_OK
        }
        vfs.xAccess = { _, name, _, result in
            result?.pointee =
                name.map { MemoryDisk.shared.exists(String(cString: $0)) } == true ? 1 : 0
            return SQLITE_OK
        }
        vfs.xFullPathname = { _, name, size, out in
            guard let name, let out, strlen(name) < Int(size) else { return SQLITE_CANTOPEN }
            strcpy(out, name)
            return SQLITE_OK
        }
        vfs.xRandomness = { _, size, out in
            for place in 0..<Int(size) {
                out?[place] = CChar(truncatingIfNeeded: MemoryDisk.shared.randomness())
            }
            return size
        }
        vfs.xSleep = { _, microseconds in microseconds }
        vfs.xCurrentTime = { _, out in
            out?.pointee = Double(MemoryDisk.shared.now()) / 86_400_000 + 2_440_587.5
            return SQLITE_OK
        }
        vfs.xGetLastError = { _, _, _ in 0 }
        vfs.xCurrentTimeInt64 = { _, out in
            out?.pointee = MemoryDisk.shared.now() + 210_866_760_000_000
            return SQLITE_OK
        }
        return vfs
    }

    private static func makeMethods() -> sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        methods.iVersion = 2
        methods.xClose = { file in
            file.open?.end()
            UnsafeMutableRawPointer(file)?.assumingMemoryBound(to: Handle.self).pointee.open?
                .release()
            return SQLITE_OK
        }
        methods.xRead = { file, target, size, offset in
            guard let open = file.open, let target else { return SQLITE_IOERR | 1 << 8 }
            if let code = MemoryDisk.shared.readFailure() { return code }
            let buffer = UnsafeMutableRawBufferPointer(start: target, count: Int(size))
            let count = open.file.read(into: buffer, at: Int(offset))
            guard count < Int(size) else { return SQLITE_OK }
            memset(target + count, 0, Int(size) - count)
            return SQLITE_IOERR | 2 << 8
        }
        methods.xWrite = { file, source, size, offset in
            guard let open = file.open, let source else { return SQLITE_IOERR | 3 << 8 }
            if let code = MemoryDisk.shared.failure(of: SQLITE_IOERR | 3 << 8) { return code }
            open.file.write(
                UnsafeRawBufferPointer(start: source, count: Int(size)), at: Int(offset))
            return SQLITE_OK
        }
        methods.xTruncate = { file, size in
            guard let open = file.open else { return SQLITE_IOERR | 6 << 8 }
            if let code = MemoryDisk.shared.failure(of: SQLITE_IOERR | 6 << 8) { return code }
            open.file.truncate(to: Int(size))
            return SQLITE_OK
        }
        methods.xSync = { file, _ in
            guard let open = file.open else { return SQLITE_IOERR | 4 << 8 }
            if let code = MemoryDisk.shared.failure(of: SQLITE_IOERR | 4 << 8) { return code }
            open.file.sync()
            return SQLITE_OK
        }
        methods.xFileSize = { file, size in
            size?.pointee = Int64(file.open?.file.bytes.count ?? 0)
            return SQLITE_OK
        }
        methods.xLock = { file, level in
            guard let open = file.open else { return SQLITE_IOERR }
            return open.file.lock(level, open.number) ? SQLITE_OK : SQLITE_BUSY
        }
        methods.xUnlock = { file, level in
            guard let open = file.open else { return SQLITE_OK }
            open.file.unlock(to: level, open.number)
            return SQLITE_OK
        }
        methods.xCheckReservedLock = { file, result in
            result?.pointee = file.open?.file.isReserved == true ? 1 : 0
            return SQLITE_OK
        }
        methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        methods.xSectorSize = { _ in 4_096 }
        methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        methods.xShmMap = { file, number, size, extends, out in
            guard let open = file.open else { return SQLITE_IOERR }
            out?.pointee = open.file.region(Int(number), size: Int(size), extends: extends != 0)
            return SQLITE_OK
        }
        methods.xShmLock = { file, first, count, flags in
            guard let open = file.open else { return SQLITE_IOERR }
            let range = Int(first)..<Int(first + count)
            let alone = flags & SQLITE_SHM_EXCLUSIVE != 0
            if flags & SQLITE_SHM_UNLOCK != 0 {
                open.file.unlockSlots(range, alone: alone, open.number)
                return SQLITE_OK
            }
            return open.file.lockSlots(range, alone: alone, open.number) ? SQLITE_OK : SQLITE_BUSY
        }
        methods.xShmBarrier = { _ in }
        methods.xShmUnmap = { _, _ in SQLITE_OK }
        return methods
    }
}

/// A file that is open; one of before a power failure is no file any more.
private final class OpenFile {
    let file: MemoryFile
    let number: Int
    private let life = MemoryDisk.shared.life
    nonisolated(unsafe) private static var count = 0

    init(_ file: MemoryFile) {
        self.file = file
        Self.count += 1
        number = Self.count
    }

    var isOfNow: Bool { life == MemoryDisk.shared.life && !MemoryDisk.shared.isDark }

    func end() {
        file.unlock(to: 0, number)
        file.unlockSlots(0..<8, alone: true, number)
        file.unlockSlots(0..<8, alone: false, number)
    }
}

extension UnsafeMutablePointer<sqlite3_file>? {
    /// nil if the power has failed since.
    fileprivate var open: OpenFile? {
        guard let file = self else { return nil }
        let open = UnsafeMutableRawPointer(file).assumingMemoryBound(to: MemoryVFS.Handle.self)
            .pointee.open?.takeUnretainedValue()
        return open?.isOfNow == true ? open : nil
    }
}
