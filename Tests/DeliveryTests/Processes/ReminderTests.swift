import Delivery
import Testing

private func second(_ count: Int64) -> SteadyTime { SteadyTime(nanoseconds: count * 1_000_000_000) }

@Test func `trouble that lasts is told at once, and again every ten minutes`() {
    var reminder = Reminder<String>()
    #expect(reminder.due(of: ["a"], at: second(0)) == ["a"])
    #expect(reminder.due(of: ["a", "b"], at: second(1)) == ["b"])
    #expect(reminder.due(of: ["a", "b"], at: second(599)) == [])
    #expect(reminder.due(of: ["a", "b"], at: second(600)) == ["a"])
    #expect(reminder.due(of: ["b", "a"], at: second(601)) == ["b"])
    #expect(reminder.due(of: ["a"], at: second(1_199)) == [])
    #expect(reminder.due(of: ["a"], at: second(1_200)) == ["a"])
}

@Test func `trouble that comes back is told at once`() {
    var reminder = Reminder<String>()
    #expect(reminder.due(of: ["a"], at: second(0)) == ["a"])
    #expect(reminder.due(of: [], at: second(1)) == [])
    #expect(reminder.due(of: ["a"], at: second(2)) == ["a"])
}

@Test func `one thing is told once, and only so many things are`() {
    var reminder = Reminder<Int>(limit: 3)
    #expect(reminder.due(of: [1, 1, 2, 3, 4], at: second(0)) == [1, 2, 3])
    #expect(reminder.due(of: [1, 2, 3, 4], at: second(1)) == [])
}
