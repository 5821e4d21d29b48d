internal import Console
internal import FoundationEssentials
internal import Glibc

@main
enum Outboxd {
    static func main() {
        let code = Program.main(
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessInfo.processInfo.environment)
        exit(code)
    }
}
