#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The counters behind the measures, on small snippets; and a small tree in which each measure is over in turn."""

import json
import os
import tempfile
import unittest

from cpp_classes import classes
from measures import measures, patched, resolve, row_counts

# (body of `class A`, methods, data members)
BODIES = [
    ("", 0, 0),
    ("int a;", 0, 1),
    ("int a, b; std::map<int, long> c;", 0, 3),
    ("int a = 3, b{4}; int c[2] = {1, 2};", 0, 3),
    ("int a = f(1, 2); std::string b = \"x(;{\"; char c = '{';", 0, 3),
    ("std::function<void(int, int)> a; std::array<std::pair<int, int>, 2> b{};", 0, 2),
    ("void (*fire)(const void* context, int event); const void* context = nullptr;", 0, 2),
    ("static constexpr int kA = 3; static inline int b; static int c(int);", 1, 0),
    ("std::uint8_t bits : 3; mutable std::mutex lock_; const int& ref; int* p, *q;", 0, 5),
    ("alignas(64) int a; decltype(b) c; [[no_unique_address]] D d;", 0, 3),
    ("void f(); int g() const { int x; return x; } void h() {}", 3, 0),
    ("[[nodiscard]] bool f(int a = g(1), int b = 2) const noexcept; auto g() -> int;", 2, 0),
    ("A(); explicit A(int a) : a_(a), b_{a} { a_ = 2; } ~A(); int a_; int b_;", 3, 2),
    ("A() = default; A(const A&) = delete; bool operator==(const A&) const = default;", 0, 0),
    ("A& operator=(int); bool operator()(int) const; bool operator<(const A& o) const { return a < o.a; }", 3, 0),
    ("explicit operator bool() const; void* operator new(std::size_t);", 2, 0),
    ("template <class T, int N = (1 < 2)> void f(T t); template <class T> T a(T x) { return x; }", 2, 0),
    ("template <class T> requires(sizeof(T) > 1) void f(T t);", 1, 0),
    ("using B = int; typedef int C; friend class D; friend bool f(A); static_assert(sizeof(int) == 4);", 0, 0),
    ("public: int a; private: int b; protected: void f();", 1, 2),
    ("enum class E { kA, kB }; struct B { int x; void f(); }; B b; E e;", 0, 2),
    ("struct { int x, y; } at; union { int a; long b; } u;", 0, 2),
    ("// int a; void f();\n/* int b; */ int c;  // {", 0, 1),
    ("\n#define X int a;\n int c;", 0, 1),
    ("int a = [](int x) { int y = x; return y; }(3); bool b = 1 < 2, c = 3 > 2;", 0, 3),
    ("virtual void f() = 0; void g() override; void h() final {}", 3, 0),
    ("operator int() const;\nvoid f() { struct In { int x; }; }", 2, 0),
    ("const Row& row_; Row rows_[3]; std::vector<int> v_ = {1, 2, 3};", 0, 3),
    ("A(int a, int b) : Base(a), b_(b) {} int b_;", 1, 1),
]


class Classes(unittest.TestCase):
    def test_methods_and_members_are_counted(self):
        for body, methods, members in BODIES:
            with self.subTest(body=body):
                count = next(classes(f"class A {{ {body} \n}};"))
                self.assertEqual((count.name, count.methods, count.members), ("A", methods, members))

    def test_heads_of_classes_are_read(self):
        for head, name in (("struct A", "A"), ("class A final : public B<int>, private C", "A"),
                           ("template <class T> struct A", "A"), ("template <> struct A<int>", "A"),
                           ("class [[nodiscard]] A", "A"), ("struct A : B<(1 < 2)>", "A"), ("class N::A", "A")):
            with self.subTest(head=head):
                self.assertEqual([(c.name, c.members) for c in classes(head + " { int a; };")], [(name, 1)])

    def test_what_defines_no_class_is_passed_over(self):
        for text in ("class A;", "enum class A { kB };", "enum struct A { kB };", "void f(struct A* a) { g(); }",
                     "template <class T> void f(T t) { g(); }", "friend class A;", 'const char* a = "class A { int b; };";'):
            with self.subTest(text=text):
                self.assertEqual(list(classes(text)), [])

    def test_nested_classes_count_for_themselves(self):
        counts = {c.name: (c.methods, c.members) for c in classes("class A { class B { int x; int f(); }; B b; };")}
        self.assertEqual(counts, {"A": (0, 1), "B": (1, 1)})


class Counts(unittest.TestCase):
    def test_rows_are_told_from_refusals(self):
        table = '  {"map-1", From{"a"}, On{"map"},\n   "x", "seed"},\n  {"map-x1", From{"a"}},\n  {"mapping", "a word"},\n'
        self.assertEqual(row_counts(table), (1, 1))

    def test_a_contract_takes_over_replaces_and_drops_clauses_of_its_base(self):
        contracts = {"a": {"clauses": {"x": {}, "y": {}}}, "b": {"base": "a", "clauses": {"x": None, "z": {}}}}
        self.assertEqual(set(resolve(contracts["b"], contracts)), {"y", "z"})
        self.assertEqual(set(resolve({"clauses": {"x": {}}}, contracts, "b")), {"x", "y", "z"})
        patch = [{"op": "remove", "path": "/clauses/y"}, {"op": "add", "path": "/clauses/w", "value": {}},
                 {"op": "replace", "path": "/clauses/z/do", "value": "own:map"}, {"op": "test", "path": "/name"}]
        self.assertEqual(set(patched(patch, "b", contracts)), {"w", "z"})


def row(number, refusal=""):
    return f'  {{"map-{refusal}{number}", From{{"a"}}, On{{"map"}}}},\n'


def clauses(count):
    return {"clauses": {f"c{i}": {} for i in range(count)}}


# What is in order, and what puts one measure over its limit: path, text, words of that measure.
IN_ORDER = {
    "model/owner_table.hpp": "// clang-format off\n" + row(1) + row(1, "x"),
    "model/a.hpp": "struct A { int a; };\n",
    "checker/replay/engine.cpp": "int a;\n",
    "checker/replay/engine.hpp": "int a;\n",
    "spec/contracts/base.json": json.dumps(clauses(12)),
    "spec/proposals/proposals.json": json.dumps([{"proposal": "sync-at-windows.json", "base": "base"}]),
    "spec/proposals/sync-at-windows.json": json.dumps({"schema": "x", **clauses(4)}),
}
OVER = [
    ("model/a.hpp", "struct A { " + "int f(); " * 26 + "};", "methods of a class: A in model/a.hpp"),
    ("traces/a.cpp", "class B { int " + ", ".join(f"a{i}" for i in range(16)) + "; };", "data members of a class: B in"),
    ("model/owner_table.hpp", row(1, "x") + "".join(row(i) for i in range(31)), "transitions"),
    ("model/owner_table.hpp", row(1) + "".join(row(i, "x") for i in range(31)), "refusals"),
    ("model/owner_table.hpp", "", "transitions"),
    ("model/guards.hpp", "// x\n" + "x" * 141 + "\n", "columns of a table: model/guards.hpp:2"),
    ("spec/contracts/more.json", json.dumps(clauses(13)), "clauses of a contract: more"),
    ("spec/contracts/more.json", json.dumps({"base": "base", "clauses": {"d": {}}}), "clauses of a contract: more"),
    ("spec/proposals/sync-at-windows.json", json.dumps({"schema": "x", **clauses(5)}), "clauses: sync-at-windows"),
    ("checker/replay/engine.hpp", "\n" * 199, "lines of the replay engine"),
]


class Tree(unittest.TestCase):
    def over(self, tree):
        with tempfile.TemporaryDirectory() as root:
            for path, text in tree.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            return [str(m) for m in measures(root) if m.is_over()]

    def test_a_tree_within_the_limits_passes(self):
        self.assertEqual(self.over(IN_ORDER), [])

    def test_each_measure_is_over_where_it_should_be(self):
        for path, text, words in OVER:
            with self.subTest(path=path, words=words):
                messages = self.over({**IN_ORDER, path: text})
                self.assertTrue(any(words in message for message in messages), messages)


if __name__ == "__main__":
    unittest.main()
