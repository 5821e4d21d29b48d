import TestSupport

extension SplitMix64 {
    /// Up to `maximum` scalars from all of Unicode, those that make trouble more often.
    mutating func text(upTo maximum: Int) -> String {
        let trouble: [UInt32] = [
            0, 9, 10, 13, 0x20, 0x20, 0x22, 0x26, 0x27, 0x2C, 0x2E, 0x3A, 0x3C, 0x3D, 0x3E, 0x3F,
            0x40, 0x5C,
            0x5F, 0x7F, 0x85, 0xA0, 0x202E, 0x2028, 0x2029, 0xFEFF, 0xFFFD, 0x1F600,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...maximum, using: &self) {
            let value: UInt32 =
                switch Int.random(in: 0..<10, using: &self) {
                case 0..<3: trouble.randomElement(using: &self) ?? 0
                case 3..<8: .random(in: 0x20...0x7E, using: &self)
                case 8: .random(in: 0...0x2FFF, using: &self)
                default: .random(in: 0...0x10FFFF, using: &self)
                }
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }
}
