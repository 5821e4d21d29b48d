internal import Glibc

/// Writes everything, where write(2) may take only a part or be interrupted by a signal.
///
/// It waits for a reader that is slow: ``LogSink`` is for what must not.
package enum WholeWrite {
    /// - Returns: the error number of what ended it; 0 where everything was written.
    package static func write(_ octets: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = octets[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                SystemError.retrying { Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
            }
            if count < 0 { return errno }
            rest = rest.dropFirst(count)
        }
        return 0
    }
}
