/*
  Warnings:

  - You are about to drop the column `active` on the `InfraConfig` table. All the data in the column will be lost.
  - A unique constraint covering the columns `[teamID,parentID,orderIndex]` on the table `TeamCollection` will be added. If there are existing duplicate values, this will fail.
  - A unique constraint covering the columns `[teamID,collectionID,orderIndex]` on the table `TeamRequest` will be added. If there are existing duplicate values, this will fail.
  - A unique constraint covering the columns `[userUid,parentID,orderIndex]` on the table `UserCollection` will be added. If there are existing duplicate values, this will fail.
  - A unique constraint covering the columns `[userUid,collectionID,orderIndex]` on the table `UserRequest` will be added. If there are existing duplicate values, this will fail.
  - Changed the type of `inviteeRole` on the `TeamInvitation` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.
  - Changed the type of `role` on the `TeamMember` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.

*/
