internal import Delivery
internal import Glibc
internal import Service
internal import Store

/// An error as the person who typed the command sees it: what, why and what to do, in one line (each
/// fault of the settings has its own), and the exit code for scripts.
struct Failure: Error {
    var lines: [String]
    var code: ExitCode

    init(_ text: String, _ code: ExitCode) {
        lines = [text]
        self.code = code
    }

    init(_ error: any Error) {
        switch error {
        case let failure as Failure:
            self = failure
        case let lost as OutputLost:
            self = lost.failure
        case let error as UsageError:
            self.init(error.description, .usage)
        case let error as SettingsError:
            self.init("", .config)
            lines = error.lines
        case let error as StoreError:
            self.init(error.description, Self.code(of: error))
        case let error as OutboxRebuild.Refusal:
            self.init(error.description, .dataError)
        case let error as any StoreFailure:
            self.init("the database can't be used: \(error)\(error.remedy)", .ioError)
        case let error as SystemError:
            self.init("\(error)", .ioError)
        default:
            self.init("\(error)", .ioError)
        }
    }

    private static func code(of error: StoreError) -> ExitCode {
        if case .inUse = error { return .tempFail }
        return error.isAboutData ? .dataError : .ioError
    }

    func report() -> Int32 {
        for line in lines { Terminal.complain(line) }
        return code.rawValue
    }
}
