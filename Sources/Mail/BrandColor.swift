internal import Glibc

/// The colour of a helpdesk's buttons, `#rrggbb`, with the one of black and white that can be read on it.
struct BrandColor: Hashable, Sendable {
    /// In lower case.
    let background: String
    let text: String
    /// It can hardly be told from the page in one of the schemes.
    let vanishes: Bool

    /// The page, in the light and in the dark scheme.
    private static let pages = [luminance(0xFF, 0xFF, 0xFF), luminance(0x12, 0x14, 0x17)]
    private static let leastContrast = 1.5

    /// A neutral blue.
    static let standard = BrandColor(red: 0x1F, green: 0x5F, blue: 0xBF, "#1f5fbf")

    /// nil for anything but `#` and six hexadecimal digits.
    init?(_ text: String) {
        let octets = Array(text.utf8)
        guard octets.count == 7, octets[0] == 0x23,
            octets[1...].allSatisfy({ $0 < 0x80 }),
            let number = UInt32(String(decoding: octets[1...], as: UTF8.self), radix: 16),
            octets[1] != 0x2B
        else { return nil }
        self.init(
            red: UInt8(number >> 16), green: UInt8(number >> 8 & 0xFF), blue: UInt8(number & 0xFF),
            String(decoding: octets, as: UTF8.self).lowercased())
    }

    private init(red: UInt8, green: UInt8, blue: UInt8, _ background: String) {
        self.background = background
        let luminance = Self.luminance(red, green, blue)
        // The better one is always at least 4.58:1 (WCAG 2.2, 1.4.3 asks for 4.5).
        text = 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000"
        vanishes = Self.pages.contains {
            Self.contrast(luminance, $0) < Self.leastContrast
        }
    }

    /// WCAG 2.2, "contrast ratio".
    private static func contrast(_ one: Double, _ other: Double) -> Double {
        (max(one, other) + 0.05) / (min(one, other) + 0.05)
    }

    /// WCAG 2.2, "relative luminance".
    static func luminance(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Double {
        0.2126 * linear[Int(red)] + 0.7152 * linear[Int(green)] + 0.0722 * linear[Int(blue)]
    }

    private static let linear: [Double] = (0...255).map { step in
        let value = Double(step) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
}
