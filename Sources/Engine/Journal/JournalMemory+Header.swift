internal import CLinux
internal import Delivery
internal import Store

/// What an in-flight journal says of itself; see ``JournalHeader``.
extension JournalMemory {
    func writeHeader(bootID: String, lease: Duration, nameNumber: UInt64) {
        store(UInt32(layout.recordCount), at: JournalHeader.recordCount)
        store(UInt32(layout.areaCount), at: JournalHeader.areaCount)
        store(UInt32(layout.areaSize), at: JournalHeader.areaSize)
        let length = storeText(
            bootID, at: JournalHeader.bootID, limit: JournalHeader.bootIDCapacity)
        store(UInt32(length), at: JournalHeader.bootIDLength)
        store(lease.inMilliseconds, at: JournalHeader.lease)
        store(UInt32(Migration.newest), at: JournalHeader.step)
        store(nameNumber, at: JournalHeader.nameNumber)
        store(JournalLayout.magic, at: JournalHeader.magic)
    }

    private func store<T>(_ value: T, at offset: Int) {
        base.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }

    /// What a header says.
    struct Header {
        /// It begins with our magic.
        var isOurs: Bool
        /// nil if this is no in-flight journal of this version, or its counts are absurd.
        var layout: JournalLayout?
        var bootID: String
        /// ``JournalHeader/step``.
        var step: Int
        /// ``JournalHeader/nameNumber``.
        var nameNumber: UInt64

        /// They are notes of the process that made a file of this name.
        func belongs(to name: String) -> Bool {
            nameNumber == 0 || nameNumber == JournalFiles.number(inName: name)
        }
    }

    /// Reads the header of somebody else's file, which is not to be trusted.
    static func readHeader(_ bytes: [UInt8]) -> Header {
        let (magic, counts, length, step, nameNumber) = bytes.withUnsafeBytes { bytes in
            let number = { Int(bytes.load(fromByteOffset: $0, as: UInt32.self)) }
            return (
                bytes.load(fromByteOffset: JournalHeader.magic, as: UInt64.self),
                [JournalHeader.recordCount, JournalHeader.areaCount, JournalHeader.areaSize].map(
                    number),
                min(number(JournalHeader.bootIDLength), JournalHeader.bootIDCapacity),
                number(JournalHeader.step),
                bytes.load(fromByteOffset: JournalHeader.nameNumber, as: UInt64.self)
            )
        }
        let bootID = bytes[JournalHeader.bootID...].prefix(length)
        let layout = JournalLayout(
            recordCount: counts[0], areaCount: counts[1], areaSize: counts[2])
        let isOurs = magic == JournalLayout.magic
        return Header(
            isOurs: isOurs, layout: isOurs ? layout : nil,
            bootID: String(decoding: bootID, as: UTF8.self), step: step, nameNumber: nameNumber)
    }

    // MARK: The sign of life

    /// The sending thread is at the top of its loop.
    func beat(_ now: SteadyTime) {
        outboxd_atomic_store(beatAddress, UInt64(clamping: now.nanoseconds))
    }

    func readLifeSign() -> LifeSign {
        let beat = Int64(clamping: outboxd_atomic_load(beatAddress))
        let lease = base.load(fromByteOffset: JournalHeader.lease, as: Int64.self)
        return LifeSign(
            beatAt: beat == 0 ? nil : SteadyTime(nanoseconds: beat),
            lease: .milliseconds(lease))
    }

    private var beatAddress: UnsafeMutablePointer<UInt64> {
        (base + JournalHeader.beat).assumingMemoryBound(to: UInt64.self)
    }
}
