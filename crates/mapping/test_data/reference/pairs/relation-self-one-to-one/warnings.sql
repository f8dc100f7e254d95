/*
  Warnings:

  - A unique constraint covering the columns `[nextId]` on the table `Node` will be added. If there are existing duplicate values, this will fail.

*/
