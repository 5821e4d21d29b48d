internal import Delivery

/// What the file holds: 64 octets, in the machine's order.
///
/// | octets | |
/// |---|---|
/// | 0 to 7 | `outbxep1` |
/// | 8 to 15 | the lineage, never 0 in practice |
/// | 16 to 23 | the number: one word, that processes raise at once |
/// | 24 to 63 | zeros |
enum EpochBytes {
    static let size = 64
    static let numberOffset = 16
    private static let magic = Array("outbxep1".utf8)

    static func encoded(_ epoch: Epoch) -> [UInt8] {
        var bytes = magic
        withUnsafeBytes(of: epoch.lineage) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: epoch.number) { bytes.append(contentsOf: $0) }
        return bytes + [UInt8](repeating: 0, count: size - bytes.count)
    }

    /// nil if they are none of ours, or say what never was.
    static func decoded(_ bytes: [UInt8]) -> Epoch? {
        guard bytes.count >= size, bytes.starts(with: magic) else { return nil }
        let (lineage, number) = bytes.withUnsafeBytes {
            (
                $0.loadUnaligned(fromByteOffset: 8, as: Int64.self),
                $0.loadUnaligned(fromByteOffset: numberOffset, as: Int64.self)
            )
        }
        guard (0...Epoch.greatest).contains(number) else { return nil }
        return Epoch(lineage: lineage, number: number)
    }
}
