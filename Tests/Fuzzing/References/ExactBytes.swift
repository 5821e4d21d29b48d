@testable import Engine

/// A journal's bytes, and not one more: AddressSanitizer tells whoever reads on.
final class ExactBytes: JournalBytes, @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let size: Int
    let isWritable: Bool
    let isDamaged = false

    init(size: Int, isWritable: Bool) {
        base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        self.size = size
        self.isWritable = isWritable
    }

    deinit { base.deallocate() }

    /// What does not fit is left out.
    func write(_ octets: some Collection<UInt8>, at offset: Int) {
        for (index, octet) in octets.prefix(max(0, size - offset)).enumerated() {
            base.storeBytes(of: octet, toByteOffset: offset + index, as: UInt8.self)
        }
    }

    var octets: [UInt8] { [UInt8](UnsafeRawBufferPointer(start: base, count: size)) }
}
