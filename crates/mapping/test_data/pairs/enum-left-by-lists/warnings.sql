/*
  Warnings:

  - The values [fair] on the enum `Mood` will be removed. If these variants are still used in the database, this will fail.
  - You are about to drop the column `moods` on the `Letter` table. All the data in the column will be lost.
  - You are about to drop the `Diary` table. If the table is not empty, all the data it contains will be lost.

*/
