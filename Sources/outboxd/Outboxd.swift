@main
enum Outboxd {
    static func main() {}
}
