/// What a slot file says of itself; see ``SlotHeader``.
extension SlotMemory {
    func writeHeader(bootID: String) {
        store(UInt32(layout.recordCount), at: SlotHeader.recordCount)
        store(UInt32(layout.areaCount), at: SlotHeader.areaCount)
        store(UInt32(layout.areaSize), at: SlotHeader.areaSize)
        let length = storeText(
            bootID, at: SlotHeader.bootID, limit: SlotHeader.bootIDCapacity)
        store(UInt32(length), at: SlotHeader.bootIDLength)
        store(SlotLayout.magic, at: SlotHeader.magic)
    }

    private func store<T>(_ value: T, at offset: Int) {
        file.base.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }

    /// Reads the header of somebody else's file, which is not to be trusted.
    ///
    /// - Returns: the boot id; the layout is nil where this is no slot file of this version.
    static func readHeader(_ bytes: [UInt8]) -> (layout: SlotLayout?, bootID: String) {
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
        return (
            magic == SlotLayout.magic ? layout : nil, String(decoding: bootID, as: UTF8.self)
        )
    }
}
