/*
  Warnings:

  - You are about to drop the `B` table. If the table is not empty, all the data it contains will be lost.

*/
