internal import Delivery
internal import Glibc
internal import SQLite
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
            lines = error.faults.map(\.description)
        case let error as StoreError:
            self.init(error.description, error.isAboutData ? .dataError : .ioError)
        case let error as OutboxRebuild.Refusal:
            self.init(error.description, .dataError)
        case let error as SQLiteError:
            self.init("the database can't be used: \(error)\(Self.advice(error))", .ioError)
        case let error as SystemError:
            self.init("\(error)", .ioError)
        default:
            self.init("\(error)", .ioError)
        }
    }

    private static func advice(_ error: SQLiteError) -> String {
        if error.isBusy { return "; another process has had it locked for 30 s" }
        if error.isDamage { return "; restore it from a backup" }
        if error.isStorageTrouble { return "; check free space, owner and permissions" }
        return ""
    }

    func report() -> Int32 {
        for line in lines { Terminal.complain(line) }
        return code.rawValue
    }
}
