internal import Glibc
internal import Service

/// stdout does not take the results.
struct OutputLost: Error {
    var code: Int32

    /// Whoever read them (`| head`) has seen enough: nothing is wrong.
    var isByReader: Bool { code == EPIPE }

    var failure: Failure {
        let words = SystemError.text(of: code)
        return Failure("the output can't be written: \(words); send it elsewhere", .ioError)
    }
}
