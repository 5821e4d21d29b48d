internal import CLinux
internal import Delivery

/// What a slot file says of itself; see ``SlotHeader``.
extension SlotMemory {
    func writeHeader(bootID: String, lease: Duration) {
        store(UInt32(layout.recordCount), at: SlotHeader.recordCount)
        store(UInt32(layout.areaCount), at: SlotHeader.areaCount)
        store(UInt32(layout.areaSize), at: SlotHeader.areaSize)
        let length = storeText(
            bootID, at: SlotHeader.bootID, limit: SlotHeader.bootIDCapacity)
        store(UInt32(length), at: SlotHeader.bootIDLength)
        store(lease.inMilliseconds, at: SlotHeader.lease)
        store(SlotLayout.magic, at: SlotHeader.magic)
    }

    private func store<T>(_ value: T, at offset: Int) {
        file.base.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }

    /// What a header says.
    struct Header {
        /// It begins with our magic.
        var isOurs: Bool
        /// nil if this is no slot file of this version, or its counts are absurd.
        var layout: SlotLayout?
        var bootID: String
    }

    /// Reads the header of somebody else's file, which is not to be trusted.
    static func readHeader(_ bytes: [UInt8]) -> Header {
        let (magic, counts, length) = bytes.withUnsafeBytes { bytes in
            let number = { Int(bytes.load(fromByteOffset: $0, as: UInt32.self)) }
            return (
                bytes.load(fromByteOffset: SlotHeader.magic, as: UInt64.self),
                [SlotHeader.recordCount, SlotHeader.areaCount, SlotHeader.areaSize].map(number),
                min(number(SlotHeader.bootIDLength), SlotHeader.bootIDCapacity)
            )
        }
        let bootID = bytes[SlotHeader.bootID...].prefix(length)
        let layout = SlotLayout(
            recordCount: counts[0], areaCount: counts[1], areaSize: counts[2])
        let isOurs = magic == SlotLayout.magic
        return Header(
            isOurs: isOurs, layout: isOurs ? layout : nil,
            bootID: String(decoding: bootID, as: UTF8.self))
    }

    // MARK: The sign of life

    /// The sending thread is at the top of its loop.
    func beat(_ now: SteadyTime) {
        outboxd_atomic_store(beatAddress, UInt64(clamping: now.nanoseconds))
    }

    func readLifeSign() -> LifeSign {
        let beat = Int64(clamping: outboxd_atomic_load(beatAddress))
        let lease = file.base.load(fromByteOffset: SlotHeader.lease, as: Int64.self)
        return LifeSign(
            beatAt: beat == 0 ? nil : SteadyTime(nanoseconds: beat),
            lease: .milliseconds(lease))
    }

    private var beatAddress: UnsafeMutablePointer<UInt64> {
        (file.base + SlotHeader.beat).assumingMemoryBound(to: UInt64.self)
    }
}
