/// Hexadecimal digits as ASCII.
package enum HexDigit {
    /// - Parameter value: 0 to 15.
    @inlinable @inline(__always)
    package static func upper(_ value: UInt8) -> UInt8 {
        value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "A") - 10)
    }
}
